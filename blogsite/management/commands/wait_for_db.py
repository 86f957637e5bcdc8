"""Hold a start back until the database answers."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from blogsite.database import shown
from blogsite.health import why_no_database

SECONDS_BETWEEN_TRIES = 0.5


class Command(BaseCommand):
    help = "Waits until the database answers; gives up after --timeout seconds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--timeout", type=float, default=60, help="seconds (default: 60)")

    def handle(self, *args: Any, timeout: float, **options: Any) -> None:
        place = shown(settings.DATABASES["default"])
        self.stdout.write(f"Waiting for {place} …")
        self.stdout.flush()
        started = time.monotonic()
        while reason := why_no_database():
            waited = time.monotonic() - started
            if waited + SECONDS_BETWEEN_TRIES > timeout:
                raise CommandError(f"Gave up after {timeout:g} s: {place}: {reason}")
            time.sleep(SECONDS_BETWEEN_TRIES)
        self.stdout.write(f"The database answered after {time.monotonic() - started:.1f} s.")
