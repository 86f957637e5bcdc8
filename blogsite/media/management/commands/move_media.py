"""Move to another storage: copy, prove, and only if told, delete. It can be repeated."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from blogsite.media import moving
from blogsite.media.moving import DAMAGED, MISSING
from blogsite.storages import MEDIA

SECONDS_BETWEEN_LINES = 1


class Command(BaseCommand):
    help = "Copies all uploads from one storage to another and reads every copy back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="source", choices=MEDIA, required=True)
        parser.add_argument("--to", dest="target", choices=MEDIA, required=True)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument(
            "--delete", action="store_true", help="delete each source once its copy is proven"
        )

    def handle(self, *args: Any, source: str, target: str, **options: Any) -> None:
        if source == target:
            raise CommandError("From one storage to another: --from and --to are the same.")
        if "s3" in (source, target) and not settings.S3.get("bucket_name"):
            raise CommandError("AWS_STORAGE_BUCKET_NAME is not set: which bucket?")
        outcomes: Counter[str] = Counter()
        try:
            self.move(moving.storage_of(source), moving.storage_of(target), outcomes, options)
        except moving.NotTheSame as problem:
            raise CommandError(f"{problem}: the copy reads differently. It was removed.") from None
        except (BotoCoreError, ClientError, Error, OSError) as problem:
            raise CommandError(
                f"Stopped after {outcomes.total()} files: {problem}\n"
                "Nothing is lost: run the same command again, it goes on from there."
            ) from problem
        self.sum_up(outcomes, target, is_done=not options["dry_run"])

    def move(self, source: Any, target: Any, outcomes: Counter[str], how: dict[str, Any]) -> None:
        """A line each second, and one for everything that needs a person."""
        names, told_at = moving.all_names(source), 0.0
        moves = moving.move(names, source, target, delete=how["delete"], dry_run=how["dry_run"])
        for number, (name, outcome) in enumerate(moves, 1):
            outcomes[outcome] += 1
            if outcome in (MISSING, DAMAGED):
                self.stdout.write(self.style.ERROR(f"{outcome}: {name}"))
            elif time.monotonic() - told_at >= SECONDS_BETWEEN_LINES or number == len(names):
                told_at = time.monotonic()
                self.stdout.write(f"{number}/{len(names)}  {outcome}: {name}")
                self.stdout.flush()

    def sum_up(self, outcomes: Counter[str], target: str, *, is_done: bool) -> None:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        self.stdout.write(f"{'Done' if is_done else 'Would be'}: {counts or 'nothing to move'}.")
        if outcomes[MISSING] or outcomes[DAMAGED]:
            raise CommandError(
                "Some files of the library are not as they should be. The rest was taken care of."
            )
        if is_done and target != settings.MEDIA_STORAGE:
            self.stdout.write(f"To use them set MEDIA_STORAGE={target} and restart.")
