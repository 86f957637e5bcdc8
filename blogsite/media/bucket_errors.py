"""What a bucket's refusal means, in one line for whoever set it up. No key ever stands in it."""

import time
from typing import Any

from botocore import exceptions as boto
from django.utils.http import parse_http_date_safe

from blogsite.media.probing import Hopeless, Unwell

CLOCK = "This machine's clock is wrong: the store refuses signatures from another time."
REGION = "AWS_S3_REGION_NAME is wrong: the bucket is in another region."
KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

REFUSALS = {
    "301": REGION,
    "AuthorizationHeaderMalformed": REGION,
    "ExpiredToken": "The machine's role gave a key that has run out.",
    "IllegalLocationConstraintException": REGION,
    "InvalidAccessKeyId": "The store does not know AWS_ACCESS_KEY_ID.",
    "InvalidBucketName": "AWS_STORAGE_BUCKET_NAME is no name for a bucket.",
    "NoSuchBucket": "There is no bucket of the name in AWS_STORAGE_BUCKET_NAME.",
    "PermanentRedirect": REGION,
    "RequestExpired": CLOCK,
    "RequestTimeTooSkewed": CLOCK,
    "SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID.",
}
UNREACHABLE: list[tuple[Any, str]] = [
    (boto.NoCredentialsError, f"No keys: set {KEYS}, or give the machine a role."),
    (boto.ParamValidationError, REFUSALS["InvalidBucketName"]),
    (boto.SSLError, "{} shows a certificate that is not to be trusted."),
    (
        (boto.ConnectionError, boto.HTTPClientError),
        "{} does not answer: is AWS_S3_ENDPOINT_URL right, and the way there open?",
    ),
]
NOT_PERMITTED = ("AccessDenied", "AllAccessDisabled", "403")
SECONDS_APART = 300


def told(error: Exception, endpoint: str, permission: str) -> Unwell:
    code = _code(error)
    if code in NOT_PERMITTED:
        return Unwell(f"Not permitted: the keys lack {permission}.")
    unreachable = (sentence for kind, sentence in UNREACHABLE if isinstance(error, kind))
    if hopeless := REFUSALS.get(code) or next(unreachable, ""):
        return Hopeless(hopeless.format(endpoint))
    return Unwell(f"Failed: {code or type(error).__name__}.")


def _code(error: Exception) -> str:
    if not isinstance(error, boto.ClientError):
        return ""
    found = str(error.response.get("Error", {}).get("Code", ""))
    # Not every store says why it does not believe a signature.
    return "RequestTimeTooSkewed" if found in NOT_PERMITTED and _clocks_differ(error) else found


def _clocks_differ(error: boto.ClientError) -> bool:
    told = error.response["ResponseMetadata"].get("HTTPHeaders", {}).get("date", "")
    theirs = parse_http_date_safe(told)
    return theirs is not None and abs(theirs - time.time()) > SECONDS_APART
