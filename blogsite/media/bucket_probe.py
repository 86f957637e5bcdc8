"""Each permission of a bucket tried apart, and what strangers may do with it."""

import io
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from botocore.exceptions import ClientError
from django.conf import settings

from blogsite.media import bucket_errors
from blogsite.media.in_bucket import CONNECT_SECONDS
from blogsite.media.probing import Probe, Step, Unwell

READ_SECONDS = 4
PERMISSIONS = {
    "put": "s3:PutObject",
    "head": "s3:GetObject",
    "get": "s3:GetObject",
    "list": "s3:ListBucket",
    "not there": "s3:ListBucket",
    "multipart": "s3:PutObject and s3:AbortMultipartUpload",
    "delete": "s3:DeleteObject",
}


class BucketProbe(Probe):
    def __init__(self, storage: Any) -> None:
        super().__init__(storage)
        self.place = {"Bucket": storage.bucket_name, "Key": storage.key(self.name)}
        self.endpoint = storage.client.meta.endpoint_url
        self.is_public = bool(storage.public_address(self.name))

    def steps(self) -> list[Step]:
        return [
            ("put", self.write),
            ("head", self.head),
            ("get", self.read),
            ("list", self.list),
            ("not there", self.miss),
            ("multipart", self.multipart),
            ("sign", self.sign),
            ("strangers read", self.strangers_read),
            ("strangers list", self.strangers_list),
            ("cors", self.cors),
            ("delete", self.delete),
        ]

    def sentence(self, what: str, error: Exception) -> str:
        if bucket_errors.is_not_permitted(error):
            return f"Not permitted: the keys lack {PERMISSIONS.get(what, 'something')}."
        return bucket_errors.sentence(error, self.endpoint)

    def is_hopeless(self, error: Exception) -> bool:
        return bucket_errors.is_hopeless(error)

    def write(self) -> None:
        # Not by save(), which looks first whether the name is taken: that is another permission.
        parameters = self.storage.get_object_parameters(self.name)
        self.storage.client.put_object(Body=self.data, **self.place, **parameters)
        self.is_written = True

    def head(self) -> None:
        self._needs_the_file()
        self.storage.client.head_object(**self.place)

    def read(self) -> None:
        self._needs_the_file()
        if self.storage.client.get_object(**self.place)["Body"].read() != self.data:
            raise Unwell("What was read is not what was written.")

    def list(self) -> None:
        found = self.storage.client.list_objects_v2(
            Bucket=self.place["Bucket"], Prefix=self.place["Key"]
        )
        if self.is_written and not found.get("Contents"):
            raise Unwell("What was written is not in the list.")

    def miss(self) -> None:
        """A store that does not let us list says "forbidden" of what is not there."""
        if self.storage.exists(f"{self.name}.missing"):
            raise Unwell("The store says yes to a file that nobody wrote.")

    def multipart(self) -> None:
        client = self.storage.client
        upload = client.create_multipart_upload(**self.place)["UploadId"]
        try:
            part = io.BytesIO(self.data)
            client.upload_part(**self.place, UploadId=upload, PartNumber=1, Body=part)
        finally:
            client.abort_multipart_upload(**self.place, UploadId=upload)

    def sign(self) -> None:
        self._needs_the_file()
        client = self.storage.client
        address = client.generate_presigned_url("get_object", Params=self.place, ExpiresIn=60)
        if _fetch(address)[0] != self.data:
            raise Unwell("A signed address is not answered with the file.")

    def strangers_read(self) -> str:
        self._needs_the_file()
        if self.is_public:
            address = self.storage.public_address(self.name)
            if _fetch(address)[0] != self.data:
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

    def cors(self) -> str:
        if not self.is_public:
            return "ok: not needed, readers get files from this site"
        self._needs_the_file()
        allowed = _fetch(self.storage.public_address(self.name), origin=site_origin())[1]
        if allowed in ("*", site_origin()):
            return "ok: scripts of the site may read files"
        return "ok: not set; pictures, sound and video need none"

    def delete(self) -> None:
        """Deleting what is not there is permitted or not just the same."""
        self.storage.client.delete_object(**self.place)

    def _needs_the_file(self) -> None:
        if not self.is_written:
            raise Unwell("Not tried: nothing could be written.")


def site_origin() -> str:
    return f"https://{settings.CANONICAL_HOST}" if settings.CANONICAL_HOST else "*"


def _fetch(address: str, origin: str = "") -> tuple[bytes, str]:
    """As a reader would, without keys: the body and whom the answer is open to."""
    request = Request(address, headers={"Origin": origin} if origin else {})  # noqa: S310
    try:
        with urlopen(request, timeout=CONNECT_SECONDS) as answer:  # noqa: S310 -- our own bucket
            return answer.read(), answer.headers.get("Access-Control-Allow-Origin", "")
    except HTTPError as error:
        error.close()
    except (URLError, OSError):
        pass
    return b"", ""
