"""Every public page of the product, asked for by all kinds of readers: the same bytes."""

from collections.abc import Callable, Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse

from blogsite.pagecache import PageCache
from tests import factories
from tests.pagecache.reader import Answer, ask
from tests.public_pages import SAMPLES, public_names

PASSING = ("X-Request-ID", "Cache-Control", "Last-Modified")
# Each tells as much at once as does not contradict itself: whatever a page took up would show.
STRANGERS: dict[str, dict[str, str]] = {
    "nobody": {},
    "a German liar on a phone, with foreign cookies and a password": {
        "cookie": "theme=dark; csrf=" + "x" * 32 + "; session=stolen; messages=1",
        "accept_language": "de-DE,de;q=0.9",
        "user_agent": "Mobile",
        "save_data": "on",
        "sec_ch_ua_mobile": "?1",
        "dnt": "1",
        "x_requested_with": "XMLHttpRequest",
        "accept": "application/json",
        "authorization": "Basic b3duZXI6b3duZXI=",
        "x_forwarded_host": "evil.example",
        "x_forwarded_proto": "https",
        "x_forwarded_for": "203.0.113.1",
        "forwarded": "host=evil.example;proto=https",
        "x_original_url": "/admin/",
        "x_http_method_override": "DELETE",
        "x_forwarded_prefix": "/evil",
    },
    "an old Arabic robot from elsewhere, with broken cookies": {
        "cookie": ";;=;\x01 é=ü; session=",
        "accept_language": "ar",
        "accept_charset": "utf-16",
        "user_agent": "robot/1.0",
        "accept": "text/plain",
        "from": "robot@example.org",
        "referer": "https://evil.example/",
        "origin": "https://evil.example",
        "pragma": "no-cache",
        "cache_control": "no-cache",
        "range": "bytes=0-9",
    },
}
ROLES = ["Contributor", "Author", "Editor", "Moderator", "Administrator", None]


@pytest.fixture
def readers(db) -> dict[str, dict[str, str]]:
    return STRANGERS | {f"signed in as {role}": signed_in(role) for role in ROLES}


def signed_in(role: str | None) -> dict[str, str]:
    client = Client()
    client.force_login(factories.user(role=role))
    return {"cookie": "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())}


@pytest.fixture
def cold_site(db) -> Iterator[Callable[[], PageCache]]:
    """New processes; like the test client they leave the test's own transaction open."""
    made: list[PageCache] = []
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)

    def make() -> PageCache:
        made.append(PageCache(WSGIHandler()))
        return made[-1]

    yield make
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    for site in made:
        site.watcher.stop()


def essence(answer: Answer) -> tuple:
    headers = {name: value for name, value in answer.headers.items() if name not in PASSING}
    return answer.status, headers, answer.body


def test_every_public_page_has_a_sample():
    assert public_names() == sorted(SAMPLES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_public_page_is_the_same_for_everyone(name, readers, cold_site):
    """It neither sets a cookie nor claims to vary by anything but the compression."""
    address = reverse(name, kwargs=SAMPLES[name]())
    first = ask(cold_site(), address)
    expected = essence(first)
    assert first.status == 200
    assert "Set-Cookie" not in first.headers
    assert first.headers["Vary"] == "Accept-Encoding"
    for reader, headers in readers.items():
        site = cold_site()
        assert essence(ask(site, address, **headers)) == expected, f"rendered for {reader}"
        assert essence(ask(site, address)) == expected, f"kept from {reader}"
        assert essence(ask(site, f"{address}?utm_source=x", **headers)) == expected, reader


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_public_page_is_kept(name, cold_site, django_assert_num_queries):
    address, site = reverse(name, kwargs=SAMPLES[name]()), cold_site()
    ask(site, address)
    with django_assert_num_queries(0):
        ask(site, address)
