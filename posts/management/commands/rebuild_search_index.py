"""Make all posts searchable anew, or those that are not yet."""

from argparse import ArgumentParser
from typing import Any

from posts.management.progress import ProgressCommand
from posts.search import index_due


class Command(ProgressCommand):
    help = (
        "Indexes what is missing or outdated. May be stopped and run again, while readers search."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch-size", type=int, default=50, help="posts a transaction")
        parser.add_argument(
            "--missing",
            action="store_true",
            help="only what is missing or outdated: goes on where an earlier run was stopped",
        )

    def handle(self, *args: Any, batch_size: int, **options: Any) -> None:
        done = 0
        for progress in index_due(everything=not options["missing"], batch_size=max(1, batch_size)):
            done = progress.done
            self.show(progress)
        self.stdout.write(f"{done} posts indexed.")
