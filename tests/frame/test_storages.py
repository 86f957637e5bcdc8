import pytest
from django.core.files.storage import StorageHandler

from blogsite.env import Reader
from blogsite.media.in_bucket import InBucket
from blogsite.media.in_database import InDatabase
from blogsite.media.on_disk import OnDisk
from blogsite.storages import s3_options
from tests.frame.environment import run, settings_with

BUCKET = {
    "AWS_STORAGE_BUCKET_NAME": "pictures",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_S3_REGION_NAME": "us-east-1",
}


def default_storage(**variables: str):
    return StorageHandler(settings_with(**variables).STORAGES)["default"]


def test_uploads_go_to_the_disk_without_a_bucket():
    assert type(default_storage()) is OnDisk


def test_uploads_go_to_a_bucket_once_it_is_named():
    assert type(default_storage(**BUCKET)) is InBucket


def test_the_word_wins_over_the_bucket():
    assert type(default_storage(**BUCKET, MEDIA_STORAGE="disk")) is OnDisk


def test_uploads_go_to_the_database_where_the_disk_is_wiped(monkeypatch):
    monkeypatch.setenv("DYNO", "web.1")
    assert type(default_storage(ENV="production")) is InDatabase
    assert type(default_storage(ENV="production", MEDIA_STORAGE="disk")) is OnDisk
    assert type(default_storage(ENV="production", **BUCKET)) is InBucket


def test_uploads_go_to_the_database_when_asked():
    assert type(default_storage(MEDIA_STORAGE="database")) is InDatabase


def test_every_wait_for_the_bucket_ends():
    config = default_storage(**BUCKET).client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (3, 10)
    assert config.retries["total_max_attempts"] == 2


def test_the_process_itself_uses_the_bucket():
    code = (
        "import django; django.setup(); from django.core.files.storage import default_storage as s;"
        "s.bucket_name; print(type(s._wrapped).__name__, s.bucket_name)"
    )
    done = run(
        "python", "-c", code, DJANGO_SETTINGS_MODULE="blogsite.settings", ENV="production", **BUCKET
    )
    assert done.stdout == "InBucket pictures\n", done.stderr


def test_a_bucket_is_used_as_it_should_be():
    storage = default_storage(**BUCKET, AWS_S3_ENDPOINT_URL="http://localhost:9", AWS_LOCATION="a")
    assert storage.bucket_name == "pictures"
    assert storage.signature_version == "s3v4"
    assert storage.file_overwrite is False
    assert storage.default_acl is None
    assert storage.querystring_auth is True
    assert storage.location == "a"
    assert "immutable" in storage.get_object_parameters("x")["CacheControl"]


def test_addresses_are_signed_by_the_new_rules():
    address = default_storage(**BUCKET, AWS_S3_ENDPOINT_URL="http://localhost:9").url("a.jpg")
    assert "X-Amz-Signature=" in address


def test_addresses_of_a_public_domain_do_not_run_out():
    storage = default_storage(**BUCKET, AWS_S3_CUSTOM_DOMAIN="media.example.org")
    assert storage.url("a.jpg") == "https://media.example.org/a.jpg"


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, None),
        ({"AWS_S3_ENDPOINT_URL": "https://s3.example.org"}, "when_required"),
        (
            {
                "AWS_S3_ENDPOINT_URL": "https://s3.example.org",
                "AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported",
            },
            "when_supported",
        ),
    ],
)
def test_other_stores_are_spared_the_new_checksums(given, asked):
    environment = BUCKET | given
    s3_options(Reader(environment))
    assert environment.get("AWS_REQUEST_CHECKSUM_CALCULATION") == asked
