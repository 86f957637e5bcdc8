"""Uploads in an S3 bucket, Amazon's or another: read as a stream, with an end to every wait."""

from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from storages.backends.s3 import S3Storage

from blogsite.media.kinds import headers_for
from blogsite.media.reading import StoredBytes

CONNECT_SECONDS = 3
PIECE_BYTES = 64 * 1024


class InBucket(S3Storage):
    def __init__(self, *, read_seconds: int = 10, attempts: int = 2, **options: Any) -> None:
        waits = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=read_seconds,
            retries={"mode": "standard", "total_max_attempts": attempts},
            s3={"addressing_style": options.get("addressing_style")},
            signature_version=options.get("signature_version"),
        )
        # Threads would hold ten parts in memory. Smaller ones no store takes.
        one_by_one = TransferConfig(use_threads=False, multipart_chunksize=5 * 2**20)
        super().__init__(client_config=waits, transfer_config=one_by_one, **options)

    @property
    def client(self) -> Any:
        return self.connection.meta.client

    def key(self, name: str) -> str:
        return self._normalize_name(name)

    def public_address(self, name: str) -> str:
        """Where readers may fetch it for themselves, for ever; nothing if only we may."""
        return self.url(name) if self.custom_domain and not self.querystring_auth else ""

    def names(self) -> Iterator[str]:
        """Of all files, in order."""
        folder = f"{self.location.strip('/')}/".lstrip("/")
        for entry in self.bucket.objects.filter(Prefix=folder):
            yield entry.key.removeprefix(folder)

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Kept with the object: a reader may get it from the bucket itself."""
        headers = headers_for(name.rpartition("/")[2])
        kept = {header.replace("-", ""): value for header, value in headers.items()}
        return self.object_parameters | kept

    def _open(self, name: str, mode: str = "rb") -> Any:
        if mode != "rb":
            raise ValueError("A file in the bucket is written by save().")
        try:
            head = self.client.head_object(Bucket=self.bucket_name, Key=self.key(name))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise
        return StoredBytes(
            name, head["ContentLength"], head["LastModified"], partial(self._pieces, name)
        )

    def _pieces(self, name: str, start: int) -> Generator[bytes]:
        wanted = {"Range": f"bytes={start}-"} if start else {}
        answer = self.client.get_object(Bucket=self.bucket_name, Key=self.key(name), **wanted)
        with closing(answer["Body"]) as body:
            # Some stores send the whole whatever was asked.
            left = 0 if "ContentRange" in answer else start
            while piece := body.read(min(left, PIECE_BYTES) or PIECE_BYTES):
                if not left:
                    yield piece
                left -= min(left, len(piece))
