import logging
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.storage.filesystem import FileSystemStorage
from django.test import Client
from django.urls import clear_script_prefix, set_script_prefix

from blogsite.media.services import store_image
from tests.media import pictures

HASH = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def image(db):
    return store_image(pictures.BytesIO(pictures.jpeg()), by=None, alt="A picture")


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_picture_is_served_whole_and_for_ever(client, image, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(image.url)
    data = body(response)
    assert sha256(data).hexdigest() == image.sha256
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(len(data))
    assert response["Content-Disposition"] == "inline"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["ETag"] == f'"{image.sha256[:32]}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Vary" not in response
    assert not response.cookies


def test_the_address_does_not_depend_on_the_storage(image, settings):
    assert image.url == f"/media/{image.name}"
    settings.MEDIA_URL = "https://bucket.example.org/"
    assert image.url == f"/media/{image.name}"


def test_the_address_carries_the_prefix_of_the_site(image):
    set_script_prefix("/blog/")
    try:
        assert image.url == f"/blog/media/{image.name}"
    finally:
        clear_script_prefix()


def test_under_a_prefix_the_picture_is_found(image):
    response = Client().get(image.url, SCRIPT_NAME="/blog")
    assert response.status_code == 200
    body(response)


def test_head_tells_the_size_without_the_bytes(client, image):
    response = client.head(image.url)
    assert response.status_code == 200
    assert response.content == b""
    assert response["Content-Length"] == str(image.bytes)
    assert response["Content-Type"] == "image/jpeg"


def test_who_has_it_already_is_told_so(client, image):
    for given in ('"{}"', 'W/"{}"', '"other", "{}"'):
        known = given.format(image.sha256[:32])
        response = client.get(image.url, headers={"If-None-Match": known})
        assert response.status_code == 304
        assert response["ETag"] == f'"{image.sha256[:32]}"'
        assert "immutable" in response["Cache-Control"]


def test_another_etag_gets_the_picture(client, image):
    response = client.get(image.url, headers={"If-None-Match": '"other"'})
    assert response.status_code == 200
    body(response)


def test_paths_that_lead_elsewhere_are_not_there(client, db, media_root):
    media_root.mkdir()
    (media_root / "secret.txt").write_text("the treasure")
    (media_root / HASH).mkdir()
    (media_root / HASH / ".hidden").write_text("the treasure")
    for path in (
        f"{HASH}/missing.jpg",
        f"{HASH}/",
        f"{HASH}",
        "missing.jpg",
        f"{HASH}/../secret.txt",
        f"{HASH}/..%2fsecret.txt",
        f"{HASH}/%2e%2e/secret.txt",
        f"{HASH}/..",
        f"{HASH}/.hidden",
        f"{HASH}/sub/file.jpg",
        f"{HASH.upper()}/missing.jpg",
        "../db.sqlite3",
        "..%2f..%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        f"{HASH}/a%00.jpg",
        f"{HASH}/a\\b.jpg",
        f"{HASH}/missing.jpg%0a",
    ):
        response = client.get(f"/media/{path}")
        assert response.status_code == (400 if "%00" in path else 404), path
        assert b"treasure" not in response.content


def test_a_reader_who_takes_any_version_gets_none_of_what_is_not_there(client, image):
    for address, status in ((image.url, 304), (f"/media/{HASH}/missing.jpg", 404)):
        assert client.get(address, headers={"If-None-Match": "*"}).status_code == status


def test_a_folder_is_not_there(client, db, media_root):
    (media_root / HASH / "folder.jpg").mkdir(parents=True)
    assert client.get(f"/media/{HASH}/folder.jpg").status_code == 404


def test_everything_but_decoded_pictures_is_a_download(client, db):
    for name in ("page.html", "drawing.svg", "notes.pdf", "program.js", "plain"):
        stored = default_storage.save(f"{HASH}/{name}", ContentFile(b"<script>alert(1)</script>"))
        response = client.get(f"/media/{stored}")
        assert body(response) == b"<script>alert(1)</script>"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Content-Type"] == "application/octet-stream"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_condition_that_does_not_hold_is_nobody_elses_answer(client, image):
    old = "Sat, 01 Jan 2000 00:00:00 GMT"
    for condition in ({"If-Match": '"other"'}, {"If-Unmodified-Since": old}):
        for more in ({}, {"If-None-Match": '"x"'}):
            answer = client.get(image.url, headers=condition | more)
            assert (answer.status_code, answer["Cache-Control"]) == (412, "no-store")


def test_nothing_can_be_sent_there(client, image):
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(image.url).status_code == 405


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_storage_that_is_away_is_told_to_come_back(client, image, monkeypatch, caplog, method):
    def away(*args: object) -> None:
        raise ConnectionError("bucket.example.org does not answer")

    monkeypatch.setattr(FileSystemStorage, "_open", away)
    with caplog.at_level(logging.ERROR, logger="blogsite.media.views"):
        response = getattr(client, method)(image.url)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert "bucket.example.org" in caplog.text
    assert b"bucket" not in response.content


def test_what_a_reader_has_is_still_right_while_the_storage_is_away(client, image, monkeypatch):
    def away(*args: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(FileSystemStorage, "_open", away)
    etag = f'"{image.sha256[:32]}"'
    assert client.get(image.url, headers={"If-None-Match": etag}).status_code == 304
