from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend

from blogsite.tasks.chores import enqueue_due_chores
from blogsite.tasks.worker import GRACE, LEASE, Worker

NO_QUEUE = (
    "TASKS does not use the queue in the database, so this worker has nothing to do. "
    "Run the worker of the configured backend instead."
)


class Command(BaseCommand):
    help = "Run queued tasks until stopped by SIGTERM or Ctrl-C. Start several for more speed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        amount = parser.add_mutually_exclusive_group()
        amount.add_argument("--once", action="store_true", help="run one ready task, then exit")
        amount.add_argument(
            "--drain",
            action="store_true",
            help="run all that is ready or due, then exit (for cron)",
        )
        parser.add_argument(
            "--lease",
            type=float,
            default=LEASE.total_seconds(),
            metavar="SECONDS",
            help="how soon a killed worker's task may run again (default: %(default)g)",
        )

        parser.add_argument(
            "--grace",
            type=float,
            default=GRACE,
            metavar="SECONDS",
            help="how long the running task may go on after SIGTERM (default: %(default)g)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not isinstance(task_backends["default"], DatabaseBackend):
            raise CommandError(NO_QUEUE)
        worker = Worker(timedelta(seconds=options["lease"]), options["grace"])
        with worker.on_duty():
            if options["once"]:
                worker.step()
            elif options["drain"]:
                worker.drain()
                enqueue_due_chores()
                worker.drain()
            else:
                worker.run()
