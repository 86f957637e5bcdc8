"""Tries out where uploads go, and says what to mend. For whoever sets up a bucket, above all."""

import json
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from blogsite.media import bucket_policy
from blogsite.media.bucket_probe import BucketProbe
from blogsite.media.in_bucket import InBucket
from blogsite.media.moving import storage_of
from blogsite.media.probing import Hopeless, Probe, Unwell

SECONDS = 13
READ_SECONDS = 4


class Command(BaseCommand):
    help = "Writes, reads, lists and deletes a file where uploads go, and says what to mend."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        kind = settings.MEDIA_STORAGE
        probe = self._bucket() if kind == "s3" else self._other(kind)
        self.problems: list[Unwell] = []
        # In a thread, because some waits have no end: a name server's, a network disk's.
        work = threading.Thread(target=self._look, args=(probe,), daemon=True)
        work.start()
        work.join(SECONDS)
        if work.is_alive():
            raise CommandError(f"No answer within {SECONDS} s.")
        # Policies help against a refusal, not against a wrong key.
        is_hopeless = any(isinstance(problem, Hopeless) for problem in self.problems)
        if isinstance(probe, BucketProbe) and not is_hopeless:
            self._print_documents(probe)
        if self.problems:
            raise CommandError("The storage of uploads needs mending.")
        self.stdout.write(self.style.SUCCESS("Uploads are well kept."))

    def _other(self, kind: str) -> Probe:
        place = settings.MEDIA_ROOT if kind == "disk" else "the database"
        self.stdout.write(f"Uploads go to {place}.")
        return Probe(storage_of(kind))

    def _bucket(self) -> Probe:
        if not settings.S3.get("bucket_name"):
            raise CommandError("AWS_STORAGE_BUCKET_NAME is not set.")
        storage = InBucket(**settings.S3, read_seconds=READ_SECONDS, attempts=1)
        try:
            probe = BucketProbe(storage)
        except ValueError:
            raise CommandError("AWS_S3_ENDPOINT_URL is not the address of a store.") from None
        way = "fetched from there" if probe.public_address else "served by this site"
        self.stdout.write(f"Uploads go to the bucket {storage.bucket_name} and are {way}.")
        return probe

    def _look(self, probe: Probe) -> None:
        try:
            for what, found in probe.findings():
                style = self.style.SUCCESS
                if isinstance(found, Unwell):
                    self.problems.append(found)
                    style = self.style.ERROR
                self.stdout.write(f"{what:15} {style(str(found))}")
        finally:
            connections.close_all()

    def _print_documents(self, probe: BucketProbe) -> None:
        place = probe.storage.bucket_name, probe.storage.location
        documents = {"Least policy of this blog's user or role": bucket_policy.permissions(*place)}
        if probe.public_address:
            policy = bucket_policy.public_reading(*place)
            documents["Policy of the bucket, for public reading"] = policy
        host = settings.CANONICAL_HOST
        cors = bucket_policy.cors(f"https://{host}" if host else "*")
        documents["CORS, if scripts elsewhere are to read files"] = cors
        for title, document in documents.items():
            self.stdout.write(f"\n{title}:\n{json.dumps(document, indent=2)}")
