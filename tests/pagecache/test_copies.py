"""Bodies, validators and lifetimes of one answer."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from blogsite.pagecache import copies
from tests.pagecache.reader import ask
from tests.pagecache.sample import stage, write


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip;q=1.0", "br"),
        ("br;q=0, gzip", "gzip"),
        ("BR ; q=0.000 , GZIP", "gzip"),
        ("gzip;q=0", ""),
        ("deflate", ""),
        ("brr", ""),
    ],
)
def test_best_encoding_is_one_the_reader_takes(accepted, encoding):
    assert copies.best_encoding(accepted) == encoding


@given(st.text(max_size=200))
def test_best_encoding_answers_anything(accepted):
    assert copies.best_encoding(accepted) in ("", *re.findall("br|gzip", accepted.lower()))


@pytest.mark.parametrize(("accepted", "encoding"), [("br", "br"), ("gzip", "gzip"), ("", None)])
def test_second_reader_gets_a_ready_made_body(get, accepted, encoding):
    write(1, "tide")
    first, second = get("/1/", accept_encoding=accepted), get("/1/", accept_encoding=accepted)
    assert "Content-Encoding" not in first.headers
    assert second.headers.get("Content-Encoding") == encoding
    assert first.text == second.text
    for answer in (first, second):
        assert int(answer.headers["Content-Length"]) == len(answer.body)
        assert answer.headers["Vary"] == "Accept-Encoding"
    assert encoding is None or len(second.body) < len(first.body) / 2


def test_short_body_stays_as_it_is(get):
    write(1, "x")
    get("/", accept_encoding="br")
    assert "Content-Encoding" not in get("/", accept_encoding="br").headers


def test_tag_is_the_same_for_every_encoding_and_answers_304(get):
    write(1, "tide")
    tag = get("/1/").headers["ETag"]
    assert tag.startswith('W/"')
    for accepted in ("br", "gzip", ""):
        again = get("/1/", accept_encoding=accepted, if_none_match=f'"other", {tag}')
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Vary"] == "Accept-Encoding"
        assert "Cache-Control" in again.headers
        assert "Content-Encoding" not in again.headers
        assert "Content-Length" not in again.headers
    assert get("/1/", if_none_match="*").status == 304
    assert get("/1/", if_none_match='"other"').status == 200
    assert get("/1/", if_none_match=tag, method="HEAD").status == 304


def test_tag_follows_the_text_and_the_release(get, new_process, settings):
    write(1, "tide")
    tag = get("/1/").headers["ETag"]
    assert ask(new_process(), "/1/").headers["ETag"] == tag
    settings.RELEASE_ID = "the next one"
    assert ask(new_process(), "/1/").headers["ETag"] != tag


def test_modification_date_waits_until_it_is_certain(get, site):
    """Two versions within one second would have the same date."""
    write(1, "tide")
    get("/1/")
    assert "Last-Modified" not in get("/1/").headers
    [copy] = site.store._copies.values()
    copy.settled_at -= copies.SETTLING
    date = get("/1/").headers["Last-Modified"]
    assert get("/1/", if_modified_since=date).status == 304
    assert get("/1/", if_modified_since="Wed, 01 Jan 2020 00:00:00 GMT").status == 200
    assert get("/1/", if_modified_since="yesterday").status == 200
    # A tag knows better than a date.
    assert get("/1/", if_modified_since=date, if_none_match='"other"').status == 200


def test_edges_are_told_what_they_may_do(get):
    write(1, "tide")
    for answer in (get("/1/"), get("/1/")):
        assert answer.headers["Cache-Control"] == (
            "public, max-age=0, must-revalidate, s-maxage=60, "
            "stale-while-revalidate=60, stale-if-error=86400"
        )
        assert answer.headers["Cache-Tag"] == "post:1,site"


def test_edges_are_told_when_a_page_changes_by_itself(get):
    write(1, "tide")
    stage.until = timezone.now() + timedelta(seconds=20)
    get("/1/")
    lifetime = get("/1/").headers["Cache-Control"].rpartition("s-maxage=")[2]
    assert 15 <= int(lifetime) <= 20


def test_page_is_rendered_anew_at_its_moment(get):
    write(1, "tide")
    moments: list[datetime] = []
    stage.after_queries = lambda: moments.append(timezone.now())
    moment = stage.until = timezone.now() + timedelta(seconds=1)
    while len(moments) < 2:
        get("/1/")
    assert moments[0] < moment <= moments[1] < moment + timedelta(seconds=5)
