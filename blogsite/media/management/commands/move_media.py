"""Move to another storage: copy, prove, and only if told, delete. It can be repeated."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.template.defaultfilters import filesizeformat

from blogsite.media import moving
from blogsite.media.moving import DAMAGED, MISSING, Moved
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
        self._refuse(source, target)
        self.told_at = 0.0
        outcomes: Counter[str] = Counter()
        try:
            storage = moving.storage_of(source)
            names = moving.all_names(storage)
            for moved in moving.move(
                names,
                storage,
                moving.storage_of(target),
                delete=options["delete"],
                dry_run=options["dry_run"],
            ):
                outcomes[moved.outcome] += 1
                self.tell(moved, outcomes.total(), len(names))
        except moving.NotTheSame as problem:
            raise CommandError(f"{problem}: the copy reads differently. It was removed.") from None
        except (BotoCoreError, ClientError, Error, OSError) as problem:
            raise CommandError(
                f"Stopped after {outcomes.total()} files: {problem}\n"
                "Nothing is lost: run the same command again, it goes on from there."
            ) from problem
        self.sum_up(outcomes, target, dry_run=options["dry_run"])

    def _refuse(self, source: str, target: str) -> None:
        if source == target:
            raise CommandError("From one storage to another: --from and --to are the same.")
        if "s3" in (source, target) and not settings.S3.get("bucket_name"):
            raise CommandError("AWS_STORAGE_BUCKET_NAME is not set: which bucket?")

    def tell(self, moved: Moved, number: int, all_of_them: int) -> None:
        """A line each second, and one for everything that needs a person."""
        if bad := moved.outcome in (MISSING, DAMAGED):
            self.stdout.write(self.style.ERROR(f"{moved.outcome}: {moved.name}"))
        now = time.monotonic()
        if not bad and (now - self.told_at >= SECONDS_BETWEEN_LINES or number == all_of_them):
            self.told_at = now
            size = filesizeformat(moved.bytes)
            self.stdout.write(
                f"{number}/{all_of_them}  {moved.outcome}: {moved.name} ({size})".replace(
                    "\xa0", " "
                )
            )
            self.stdout.flush()

    def sum_up(self, outcomes: Counter[str], target: str, *, dry_run: bool) -> None:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        done = "Would be" if dry_run else "Done"
        self.stdout.write(f"{done}: {counts or 'nothing to move'}.")
        if outcomes[MISSING] or outcomes[DAMAGED]:
            raise CommandError(
                "Some files of the library are not as they should be. The rest was taken care of."
            )
        if not dry_run and target != settings.MEDIA_STORAGE:
            self.stdout.write(f"To use them set MEDIA_STORAGE={target} and restart.")
