"""Tries out where uploads go, and says what to mend. For whoever sets up a bucket, above all."""

import json
import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from blogsite.media import bucket_policy
from blogsite.media.bucket_probe import READ_SECONDS, BucketProbe, site_origin
from blogsite.media.in_bucket import InBucket
from blogsite.media.moving import storage_of
from blogsite.media.probing import DatabaseProbe, DiskProbe, Finding, Probe

SECONDS = 13


class Command(BaseCommand):
    help = "Writes, reads, lists and deletes a file where uploads go, and says what to mend."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        kind = settings.MEDIA_STORAGE
        probe = self._bucket() if kind == "s3" else self._other(kind)
        findings = []
        for finding in self._findings(probe):
            self._tell(finding)
            findings.append(finding)
        # Policies help against a refusal, not against a wrong key.
        if isinstance(probe, BucketProbe) and not findings[-1].is_hopeless:
            self._print_documents(probe)
        if not all(finding.is_well for finding in findings):
            raise CommandError("The storage of uploads needs mending.")
        self.stdout.write(self.style.SUCCESS("Uploads are well kept."))

    def _other(self, kind: str) -> Probe:
        place = settings.MEDIA_ROOT if kind == "disk" else "the database"
        self.stdout.write(f"Uploads go to {place}.")
        probe = DiskProbe if kind == "disk" else DatabaseProbe
        return probe(storage_of(kind))

    def _bucket(self) -> Probe:
        if not settings.S3.get("bucket_name"):
            raise CommandError("AWS_STORAGE_BUCKET_NAME is not set.")
        storage = InBucket(**settings.S3, read_seconds=READ_SECONDS, attempts=1)
        try:
            probe = BucketProbe(storage)
        except ValueError:
            raise CommandError("AWS_S3_ENDPOINT_URL is not the address of a store.") from None
        way = "fetched from there" if probe.is_public else "served by this site"
        self.stdout.write(f"Uploads go to the bucket {storage.bucket_name} and are {way}.")
        return probe

    def _findings(self, probe: Probe) -> Iterator[Finding]:
        """Told as they come. In a thread, because some waits have no end: a name server's, a
        network disk's."""
        findings: SimpleQueue[Finding | None] = SimpleQueue()
        threading.Thread(target=_work, args=(probe, findings), daemon=True).start()
        try:
            while finding := findings.get(timeout=SECONDS):
                yield finding
        except Empty:
            raise CommandError(f"No answer within {SECONDS} s.") from None

    def _tell(self, finding: Finding) -> None:
        style = self.style.SUCCESS if finding.is_well else self.style.ERROR
        time = f"{finding.milliseconds:.0f} ms"
        self.stdout.write(f"{finding.what:15} {style(finding.said)} ({time})")

    def _print_documents(self, probe: BucketProbe) -> None:
        bucket, location = probe.storage.bucket_name, probe.storage.location
        self._print(
            "Least policy of this blog's user or role", bucket_policy.permissions(bucket, location)
        )
        if probe.is_public:
            policy = bucket_policy.public_reading(bucket, location)
            self._print("Policy of the bucket, for public reading", policy)
        self._print(
            "CORS, if scripts elsewhere are to read files", bucket_policy.cors(site_origin())
        )

    def _print(self, title: str, document: dict[str, Any]) -> None:
        self.stdout.write(f"\n{title}:\n{json.dumps(document, indent=2)}")


def _work(probe: Probe, findings: "SimpleQueue[Finding | None]") -> None:
    try:
        for finding in probe.findings():
            findings.put(finding)
        findings.put(None)
    finally:
        connections.close_all()
