"""Uploads in an S3 bucket, Amazon's or another: read as a stream, with an end to every wait."""

from collections.abc import Iterator
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from storages.backends.s3 import S3Storage

from blogsite.media.kinds import headers_for
from blogsite.media.reading import Pieces, StoredBytes

CONNECT_SECONDS = 3


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
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket_name, Prefix=folder):
            for entry in page.get("Contents", ()):
                yield entry["Key"].removeprefix(folder)

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Kept with the object: a reader may get it from the bucket itself."""
        headers = headers_for(name.rpartition("/")[2])
        return self.object_parameters | {
            "ContentType": headers["Content-Type"],
            "ContentDisposition": headers["Content-Disposition"],
        }

    def _open(self, name: str, mode: str = "rb") -> Any:
        if mode != "rb":
            raise ValueError("A file in the bucket is written by save().")
        try:
            head = self.client.head_object(Bucket=self.bucket_name, Key=self.key(name))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise
        pieces = _Object(self, self.key(name), head["ContentLength"])
        return StoredBytes(pieces, name, head["LastModified"])


class _Object(Pieces):
    def __init__(self, storage: InBucket, key: str, size: int) -> None:
        super().__init__(size)
        self._storage, self._key = storage, key
        self._body: Any = None
        self._body_at = 0

    def fetch(self, start: int, most: int) -> bytes:
        if self._body is None or start != self._body_at:
            self._ask(start)
        data = self._body.read(most)
        self._body_at += len(data)
        return data

    def _ask(self, start: int) -> None:
        self._hang_up()
        wanted = {"Range": f"bytes={start}-"} if start else {}
        answer = self._storage.client.get_object(
            Bucket=self._storage.bucket_name, Key=self._key, **wanted
        )
        self._body, self._body_at = answer["Body"], start
        if answer["ContentLength"] == self.size:
            # Some stores send the whole whatever was asked.
            for _piece in range(start // 2**16):
                self._body.read(2**16)
            self._body.read(start % 2**16)

    def _hang_up(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None

    def close(self) -> None:
        self._hang_up()
        super().close()
