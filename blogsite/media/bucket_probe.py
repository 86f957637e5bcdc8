"""Each permission of a bucket tried apart, and what strangers may do with it."""

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.request import urlopen

from botocore.exceptions import ClientError

from blogsite.media import bucket_errors
from blogsite.media.in_bucket import CONNECT_SECONDS
from blogsite.media.probing import Probe, Unwell

PERMISSIONS = {
    "write": "s3:PutObject",
    "read": "s3:GetObject",
    "list": "s3:ListBucket",
    "multipart": "s3:PutObject and s3:AbortMultipartUpload",
    "delete": "s3:DeleteObject",
}


class BucketProbe(Probe):
    def __init__(self, storage: Any) -> None:
        super().__init__(storage)
        self.place = {"Bucket": storage.bucket_name, "Key": storage.key(self.name)}
        self.client = storage.client
        self.public_address = storage.public_address(self.name)

    def steps(self) -> list[Callable[[], str | None]]:
        ours = [self.write, self.read, self.list, self.multipart]
        return [*ours, self.strangers_read, self.strangers_list, self.delete]

    def told(self, what: str, error: Exception) -> Unwell:
        lacking = PERMISSIONS.get(what, "something")
        return bucket_errors.told(error, self.client.meta.endpoint_url, lacking)

    def write(self) -> None:
        # Not by save(), which looks first whether the name is taken: that is another permission.
        parameters = self.storage.get_object_parameters(self.name)
        self.client.put_object(Body=self.data, **self.place, **parameters)
        self.is_written = True

    def multipart(self) -> None:
        upload = self.client.create_multipart_upload(**self.place)["UploadId"]
        try:
            part = io.BytesIO(self.data)
            self.client.upload_part(**self.place, UploadId=upload, PartNumber=1, Body=part)
        finally:
            self.client.abort_multipart_upload(**self.place, UploadId=upload)

    def strangers_read(self) -> str:
        self.needs_the_file()
        if self.public_address:
            if _fetch(self.public_address) != self.data:
                raise Unwell(
                    f"Not readable at https://{self.storage.custom_domain}/…: readers "
                    "need that. Set the policy for public reading below."
                )
            return "ok: they may, and should"
        with suppress(ClientError):
            self.storage.unsigned_connection.meta.client.get_object(**self.place)
            raise Unwell(
                "Readable past this site: block public access to the bucket, or name its "
                "public domain in AWS_S3_CUSTOM_DOMAIN."
            )
        return "ok: they may not, and need not"

    def strangers_list(self) -> str:
        with suppress(ClientError):
            self.storage.unsigned_connection.meta.client.list_objects_v2(
                Bucket=self.place["Bucket"], MaxKeys=1
            )
            raise Unwell("Anybody can list the bucket: take s3:ListBucket from the public.")
        return "ok: they may not"

    def delete(self) -> None:
        # Only that: to look afterwards is another permission.
        self.storage.delete(self.name)


def _fetch(address: str) -> bytes:
    """As a reader would, without keys."""
    try:
        with urlopen(address, timeout=CONNECT_SECONDS) as answer:  # noqa: S310 -- our own bucket
            return answer.read()
    except OSError as error:
        getattr(error, "close", list)()
    return b""
