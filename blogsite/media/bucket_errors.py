"""What a bucket's refusal means, in one line for whoever set it up. No key ever stands in it."""

import time

from botocore import exceptions as boto
from django.utils.http import parse_http_date_safe

CLOCK = "This machine's clock is wrong: the store refuses signatures from another time."
REGION = "AWS_S3_REGION_NAME is wrong: the bucket is in another region."
KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

#: With these nothing else can work either.
HOPELESS = {
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
SECONDS_APART = 300
NOT_PERMITTED = ("AccessDenied", "AllAccessDisabled", "403")
UNREACHABLE = (
    boto.ConnectionError,
    boto.HTTPClientError,
    boto.NoCredentialsError,
    boto.ParamValidationError,
)


def is_hopeless(error: Exception) -> bool:
    return code(error) in HOPELESS or isinstance(error, UNREACHABLE)


def is_not_permitted(error: Exception) -> bool:
    return code(error) in NOT_PERMITTED


def code(error: Exception) -> str:
    if not isinstance(error, boto.ClientError):
        return ""
    found = str(error.response.get("Error", {}).get("Code", ""))
    # Not every store says why it does not believe a signature.
    return "RequestTimeTooSkewed" if found in NOT_PERMITTED and _clocks_differ(error) else found


def _clocks_differ(error: boto.ClientError) -> bool:
    told = error.response["ResponseMetadata"].get("HTTPHeaders", {}).get("date", "")
    theirs = parse_http_date_safe(told)
    return theirs is not None and abs(theirs - time.time()) > SECONDS_APART


def sentence(error: Exception, endpoint: str) -> str:
    if isinstance(error, boto.NoCredentialsError):
        return f"No keys: set {KEYS}, or give the machine a role."
    if isinstance(error, boto.ParamValidationError):
        return HOPELESS["InvalidBucketName"]
    if isinstance(error, boto.SSLError):
        return f"{endpoint} shows a certificate that is not to be trusted."
    if isinstance(error, (boto.ConnectionError, boto.HTTPClientError)):
        return f"{endpoint} does not answer: is AWS_S3_ENDPOINT_URL right, and the way there open?"
    return HOPELESS.get(code(error)) or f"Failed: {code(error) or type(error).__name__}."
