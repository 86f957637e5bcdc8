"""The same pictures in a bucket, with the options that production uses."""

import time
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from blogsite import storages
from blogsite.env import Reader
from blogsite.media.models import Image
from blogsite.media.services import StorageAway, delete_uploads, store_image
from blogsite.media.tasks import remove_files
from tests.media import pictures

BUCKET = "low-water"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@pytest.fixture
def bucket(keep_in):
    return keep_in("moto").bucket


def store() -> Image:
    return store_image(SimpleUploadedFile("pier.jpg", pictures.jpeg()), by=None, alt="A pier")


@pytest.mark.django_db
def test_a_picture_is_kept_in_the_bucket_and_served_from_here(bucket, client, media_root):
    image = store()
    [kept] = bucket.objects.all()
    assert kept.key == image.name
    assert kept.Object().cache_control == "public, max-age=31536000, immutable"
    assert kept.Object().content_type == "image/jpeg"
    assert not media_root.exists()
    response = client.get(image.url)
    assert image.url == f"/media/{image.name}"
    assert sha256(b"".join(response.streaming_content)).hexdigest() == image.sha256
    assert response["Content-Length"] == str(image.bytes)
    assert client.head(image.url)["Content-Length"] == str(image.bytes)


@pytest.mark.django_db
def test_the_same_picture_is_kept_once(bucket):
    assert store() == store()
    assert len(list(bucket.objects.all())) == 1


@pytest.mark.django_db
def test_what_is_not_in_the_bucket_is_not_there(bucket, client):
    assert client.get(f"/media/{'0' * 32}/pier.jpg").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_deleted_picture_leaves_the_bucket(bucket):
    delete_uploads(store())
    remove_files.func()
    assert not list(bucket.objects.all())


@pytest.mark.django_db
def test_a_bucket_that_does_not_answer_is_told_soon(settings, client):
    variables = {
        **KEYS,
        "AWS_STORAGE_BUCKET_NAME": BUCKET,
        # Nobody listens there.
        "AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9",
    }
    options = storages.s3_options(Reader(variables))
    settings.STORAGES = settings.STORAGES | {"default": storages.media("s3", options)}
    begun = time.monotonic()
    assert client.get(f"/media/{'0' * 32}/pier.jpg").status_code == 503
    with pytest.raises(StorageAway):
        store()
    assert time.monotonic() - begun < 30
    assert not Image.objects.exists()
