"""What has to be set up for a bucket: no more than is used."""

from typing import Any

FILES = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]


def permissions(bucket: str, location: str = "") -> dict[str, Any]:
    """For the user or the role of this blog."""
    return _policy(
        ("Files", FILES, _files(bucket, location)),
        # Without it the store says "forbidden" of a file that is merely not there.
        ("List", ["s3:ListBucket"], f"arn:aws:s3:::{bucket}"),
    )


def public_reading(bucket: str, location: str = "") -> dict[str, Any]:
    """For the bucket itself, where readers fetch files from it."""
    return _policy(("EverybodyReads", ["s3:GetObject"], _files(bucket, location)), Principal="*")


def _policy(*allowed: tuple[str, list[str], str], **whom: str) -> dict[str, Any]:
    statements = [
        {"Sid": what, "Effect": "Allow", "Action": actions, "Resource": resource} | whom
        for what, actions, resource in allowed
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def cors(origin: str) -> dict[str, Any]:
    return {
        "CORSRules": [
            {
                "AllowedOrigins": [origin],
                "AllowedMethods": ["GET", "HEAD"],
                "AllowedHeaders": ["Range", "If-None-Match"],
                "ExposeHeaders": ["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
                "MaxAgeSeconds": 86400,
            }
        ]
    }


def _files(bucket: str, location: str) -> str:
    return "/".join(filter(None, [f"arn:aws:s3:::{bucket}", location.strip("/"), "*"]))
