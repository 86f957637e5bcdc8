"""Parts, conditions and headers of `/media/…`, alike for every storage."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils.http import http_date

from blogsite.media import ranges
from blogsite.media.in_database import InDatabase
from blogsite.media.services import receive, replace_image
from tests import factories
from tests.media import pictures

HASH = "0123456789abcdef0123456789abcdef"
NAME = f"{HASH}/recording.mp3"
ADDRESS = f"/media/{NAME}"
ETAG = f'"{HASH}"'
DATA = os.urandom(300_000)


@pytest.fixture
def stored(storage):
    storage.save(NAME, ContentFile(DATA))
    return storage


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_recording_is_played_in_the_page(client, stored):
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert body(response) == DATA
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Disposition"] == "inline"
    assert response["Content-Length"] == str(len(DATA))
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == ETAG
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_part_is_sent_alone(client, stored):
    for asked, start, stop in (
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 300_000),
        ("bytes=262100-262199", 262_100, 262_200),
        ("bytes=299999-", 299_999, 300_000),
        ("bytes=-5", 299_995, 300_000),
        ("bytes=-999999999", 0, 300_000),
        ("bytes=100-999999999999", 100, 300_000),
    ):
        response = client.get(ADDRESS, headers={"Range": asked})
        assert response.status_code == 206, asked
        assert body(response) == DATA[start:stop], asked
        assert response["Content-Range"] == f"bytes {start}-{stop - 1}/300000"
        assert response["Content-Length"] == str(stop - start)
        assert response["Content-Type"] == "audio/mpeg"
        assert response["ETag"] == ETAG
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for asked in ("bytes=300000-", "bytes=999999999999-", "bytes=-0"):
        response = client.get(ADDRESS, headers={"Range": asked})
        assert response.status_code == 416, asked
        assert response["Content-Range"] == "bytes */300000"
        assert response["Cache-Control"] == "no-store"
        assert response.content == b""


@pytest.mark.parametrize(
    "asked",
    ["", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6",
     "bytes=٣-٤", "bytes=--5", "bytes=1.5-2", f"bytes={'9' * 5000}-"],
)  # fmt: skip
def test_what_is_no_single_range_gets_all(asked):
    assert ranges.wanted(asked, 300_000) is None


def test_nothing_has_no_parts():
    assert ranges.wanted("bytes=0-", 0) == range(0)


def test_several_ranges_get_the_whole(client, stored):
    response = client.get(ADDRESS, headers={"Range": "bytes=0-1,5-6"})
    assert response.status_code == 200
    assert body(response) == DATA


def test_head_is_asked_for_no_part(client, stored):
    response = client.head(ADDRESS, headers={"Range": "bytes=0-9"})
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(DATA))
    assert response.content == b""
    assert response["Last-Modified"]


def test_a_part_of_something_else_gets_the_whole(client, stored):
    date = client.head(ADDRESS)["Last-Modified"]
    for condition, status in [(ETAG, 206), (date, 206), ('"other"', 200), (f"W/{ETAG}", 200)]:
        headers = {"Range": "bytes=0-9", "If-Range": condition}
        response = client.get(ADDRESS, headers=headers)
        assert response.status_code == status, condition
        body(response)


def test_who_has_it_since_is_told_so(client, stored):
    date = client.head(ADDRESS)["Last-Modified"]
    response = client.get(ADDRESS, headers={"If-Modified-Since": date})
    assert response.status_code == 304
    assert (response["ETag"], response["Last-Modified"]) == (ETAG, date)
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_who_has_an_older_one_gets_it(client, stored):
    old = http_date((datetime.now(UTC) - timedelta(days=1)).timestamp())
    for headers in (
        {"If-Modified-Since": old},
        {"If-Modified-Since": "yesterday"},
        # The tag counts alone.
        {"If-Modified-Since": http_date(), "If-None-Match": '"other"'},
    ):
        response = client.get(ADDRESS, headers=headers)
        assert response.status_code == 200, headers
        assert body(response) == DATA


def test_an_unknown_file_is_saved_not_shown(client, storage):
    storage.save(f"{HASH}/drawing.svg", ContentFile(b"<svg onload='alert(1)'/>"))
    response = client.get(f"/media/{HASH}/drawing.svg", headers={"Range": "bytes=0-3"})
    assert body(response) == b"<svg"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="drawing.svg"'


def test_what_is_not_there_is_not_found(client, storage):
    assert client.get(ADDRESS).status_code == 404
    assert client.head(ADDRESS, headers={"Range": "bytes=0-"}).status_code == 404


def test_a_part_asks_the_database_for_that_part(
    client, keep_in, db, django_assert_num_queries
):  # fmt: skip
    keep_in("database").save(NAME, ContentFile(DATA))
    with django_assert_num_queries(2):
        assert len(body(client.get(ADDRESS, headers={"Range": "bytes=270000-270099"}))) == 100


def test_an_unfinished_file_is_not_served(client, keep_in, db):
    keep_in("database")

    class Watched(ContentFile):
        def read(self, size: int = -1) -> bytes:
            assert client.get(ADDRESS).status_code == 404
            return self.file.read(size)

    InDatabase().save(NAME, Watched(b"x" * 10))
    assert client.get(ADDRESS).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_readers_fetch_from_a_public_domain_by_themselves(client, keep_in, method):
    keep_in("moto", custom_domain="media.example.org", querystring_auth=False)
    response = getattr(client, method)(ADDRESS)
    assert response.status_code == 302
    assert response["Location"] == f"https://media.example.org/{NAME}"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.django_db
def test_what_was_replaced_leads_to_the_new_picture_in_a_public_bucket_too(client, keep_in):
    storage = keep_in("moto", custom_domain="media.example.org", querystring_auth=False)
    image = factories.image(factories.user())
    old, copy = image.url, image.url.replace("pier.jpg", "640.avif")
    with storage.open(image.name) as file:
        same = ContentFile(file.read(), "pier.jpg")
    assert client.get(copy)["Location"] == f"https://media.example.org{copy[6:]}"
    new = replace_image(image, ContentFile(pictures.png(), "new.png")).url
    for address, leads_to in (
        (old, new),
        (copy, new),
        (new, f"https://media.example.org{new[6:]}"),
    ):
        assert client.get(address)["Location"] == leads_to
    # The same bytes again have a name of their own, and copies of their own.
    again = receive(same, by=None)
    assert again.url != old
    assert client.get(again.url)["Location"] == f"https://media.example.org{again.url[6:]}"


def test_the_public_domain_knows_what_a_file_is(keep_in):
    storage = keep_in("moto", custom_domain="media.example.org", querystring_auth=False)
    for name, mime, disposition in [
        ("a.jpg", "image/jpeg", "inline"),
        ("a.svg", "application/octet-stream", 'attachment; filename="a.svg"'),
        ("a.html", "application/octet-stream", 'attachment; filename="a.html"'),
    ]:
        storage.save(f"{HASH}/{name}", ContentFile(b"x"))
        kept = storage.client.head_object(Bucket=storage.bucket_name, Key=f"{HASH}/{name}")
        assert (kept["ContentType"], kept["ContentDisposition"]) == (mime, disposition)
        assert kept["CacheControl"] == "public, max-age=31536000, immutable"


def test_no_address_with_a_signature_ever_leaves(client, keep_in):
    """They run out, and pages and feeds are kept."""
    storage = keep_in("private")
    storage.save(NAME, ContentFile(DATA))
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert body(response) == DATA
    assert "X-Amz" not in str(response.headers)


def test_wrong_keys_are_the_sites_trouble_not_the_readers(client, keep_in):
    keep_in("private", secret_key="wrong")
    assert client.get(ADDRESS).status_code == 503
