"""What gunicorn.conf.py says; that it works is shown by the running server's tests."""

import runpy
from collections.abc import Callable
from types import SimpleNamespace
from unittest import mock

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader

from tests.frame.environment import PRODUCTION, ROOT, settings_with

ROUTER_GIVES_UP = 30


@pytest.fixture
def config():
    def load(**variables: str) -> SimpleNamespace:
        with mock.patch("django.conf.settings", settings_with(**PRODUCTION | variables)):
            return SimpleNamespace(**runpy.run_path(str(ROOT / "gunicorn.conf.py")))

    return load


def test_the_environment_decides_how_much(config):
    found = config(PORT="5001", WEB_CONCURRENCY="3", GUNICORN_THREADS="7", LOG_LEVEL="ERROR")
    assert (found.bind, found.workers, found.threads) == ("0.0.0.0:5001", 3, 7)
    assert found.loglevel == "error"


def test_everything_ends_before_the_router_gives_up(config):
    assert config().timeout < ROUTER_GIVES_UP
    assert config().graceful_timeout < ROUTER_GIVES_UP


def test_connections_spread_over_the_processes(config):
    assert config().worker_class == "gthread"
    assert config().reuse_port is True


def test_nobody_else_believes_a_proxy(config):
    assert config().secure_scheme_headers == {}
    assert config().forwarder_headers == ""


@pytest.mark.parametrize(("word", "started"), [("true", 1), ("false", 0)])
def test_a_companion_is_started_when_asked_for(config, word, started):
    found = config(WORKER=word)
    arbiter = SimpleNamespace()
    with mock.patch("blogsite.companion.start") as start:
        found.when_ready(arbiter)
    assert start.call_count == started


Headers = list[tuple[str, str]]
PAGE = [("Content-Type", "text/html"), ("Content-Length", "4"), ("Vary", "Accept-Encoding")]


@pytest.fixture
def answer(config) -> Callable[..., list[bytes]]:
    """What the kernel is handed, piece by piece."""
    kind, usual = config().Response, Config()

    def answer(headers: Headers, *parts: bytes, method: str = "GET") -> list[bytes]:
        asked = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
        pieces: list[bytes] = []
        response = kind(asked, SimpleNamespace(sendall=pieces.append), usual)
        response.start_response("200 OK", headers)
        for part in parts:
            response.write(part)
        response.close()
        return pieces

    answer.good = kind.good
    return answer


def lines(piece: bytes) -> list[bytes]:
    return sorted(line for line in piece.split(b"\r\n") if not line.startswith(b"Date"))


def test_a_page_leaves_in_one_piece_and_says_the_same_each_time(answer):
    [first], [second] = answer(PAGE, b"page"), answer(PAGE, b"page")
    assert lines(first) == lines(second)
    assert first.endswith(b"\r\n\r\npage")
    assert [first.count(f"{name}: {value}\r\n".encode()) for name, value in PAGE] == [1, 1, 1]


def test_what_is_not_whole_leaves_as_it_comes(answer):
    large = b"x" * 2**20
    assert answer([("Content-Length", str(len(large)))], large)[1:] == [large]
    assert answer(PAGE, b"pa", b"ge")[1:] == [b"pa", b"ge"]
    assert b"".join(answer(PAGE[:1], b"page")).endswith(b"\r\n\r\n4\r\npage\r\n0\r\n\r\n")
    for part in (b"", b"page"):
        [head] = answer(PAGE, part, method="HEAD")
        assert head.endswith(b"\r\n\r\n")


def test_a_header_once_good_vouches_for_no_other(answer):
    answer(PAGE, b"page")
    for value in ("text/html\r\nSet-Cookie: a=b", "text/html\n", "text\0html"):
        for _ in range(2):
            with pytest.raises(InvalidHeader):
                answer([("Content-Type", value)])
    for _ in range(2):
        [said] = answer([("Vary", " Cookie "), ("Connection", "close"), *PAGE[:2]], b"page")
        assert b"Vary: Cookie\r\n" in said
        assert b"Connection: close" not in said


def test_what_is_remembered_has_a_bound_and_no_secrets(answer):
    for number in range(4000):
        answer([("ETag", f'"{number}"'), ("Set-Cookie", f"id={number}")])
        assert len(answer.good) <= 3000
    assert {name for name, _ in answer.good} == {"ETag"}
