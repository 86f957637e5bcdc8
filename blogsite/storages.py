"""Where files live: uploads on a disk, in an S3 bucket or in the database; static files beside
the code."""

from typing import Any

from blogsite.env import Reader, address, refuse

#: MEDIA_STORAGE → the class that keeps uploads.
MEDIA = {
    "disk": "blogsite.media.on_disk.OnDisk",
    "s3": "blogsite.media.in_bucket.InBucket",
    "database": "blogsite.media.in_database.InDatabase",
}
CACHE_FOR_EVER = "public, max-age=31536000, immutable"
#: Option of django-storages' S3Storage → the variable it comes from.
S3_VARIABLES = {
    "bucket_name": "AWS_STORAGE_BUCKET_NAME",
    "access_key": "AWS_ACCESS_KEY_ID",
    "secret_key": "AWS_SECRET_ACCESS_KEY",
    "region_name": "AWS_S3_REGION_NAME",
    "endpoint_url": "AWS_S3_ENDPOINT_URL",
    "custom_domain": "AWS_S3_CUSTOM_DOMAIN",
    "addressing_style": "AWS_S3_ADDRESSING_STYLE",
    "location": "AWS_LOCATION",
}


def kind(read: Reader) -> str:
    """What MEDIA_STORAGE says; without a word, a named bucket is meant to be used, and Heroku's
    disk is not. A container's may be a volume or not, now or later: that is asked by a check."""
    likely = "database" if "DYNO" in read.environment else "disk"
    if read.text("AWS_STORAGE_BUCKET_NAME"):
        likely = "s3"
    return read.choice("MEDIA_STORAGE", likely, tuple(MEDIA))


def s3_options(read: Reader) -> dict[str, Any]:
    given = {option: read.text(variable) for option, variable in S3_VARIABLES.items()}
    options: dict[str, Any] = {option: value for option, value in given.items() if value}
    _refuse_wrong(options)
    # Addresses in a public bucket or CDN need no signature that runs out.
    signed = read.flag("AWS_QUERYSTRING_AUTH", "custom_domain" not in options)
    _spare_other_stores(read, options)
    return options | {
        "querystring_auth": signed,
        # Without it django-storages signs by the old rules where the region is us-east-1.
        "signature_version": "s3v4",
        "default_acl": None,
        "file_overwrite": False,
        "object_parameters": {"CacheControl": CACHE_FOR_EVER},
    }


def _refuse_wrong(options: dict[str, Any]) -> None:
    endpoint = address(options.get("endpoint_url", "https://ok"))
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname:
        problem = "not an address with http:// or https://"
        refuse("AWS_S3_ENDPOINT_URL", problem, "https://s3.example.org")
    if "/" in options.get("custom_domain", ""):
        refuse("AWS_S3_CUSTOM_DOMAIN", "a host name without scheme or path", "media.example.org")
    if options.get("addressing_style", "auto") not in ("auto", "path", "virtual"):
        refuse("AWS_S3_ADDRESSING_STYLE", "none of auto, path, virtual", "path")


def _spare_other_stores(read: Reader, options: dict[str, Any]) -> None:
    """Most stores that are not Amazon's refuse the newer checksums; botocore asks its variable."""
    given = read.text("AWS_REQUEST_CHECKSUM_CALCULATION")
    if "endpoint_url" in options and not given:
        read.environment["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required"


def media(storage: str, s3: dict[str, Any]) -> dict[str, Any]:
    return {"BACKEND": MEDIA[storage], "OPTIONS": s3 if storage == "s3" else {}}


def static(*, hashed: bool) -> dict[str, Any]:
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    return {"BACKEND": "blogsite.static.HashedStaticFiles" if hashed else plain}
