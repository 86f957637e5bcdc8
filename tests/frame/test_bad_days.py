"""Nonsense from outside and trouble below: a clear answer or a line in the log, never silence."""

import contextlib
import json
import socket
import time
from collections.abc import Generator
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dev.processes import free_port
from tests import factories
from tests.frame.server import Server, serving

pytestmark = pytest.mark.waits


def told(server: Server, request_id: str) -> list[dict]:
    time.sleep(0.2)
    return [event for event in server.events() if event.get("request_id") == request_id]


def raw(server: Server, head: bytes, body: bytes = b"") -> bytes:
    """What no client library would send; the first line of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        # It may refuse while we are still sending.
        with contextlib.suppress(OSError):
            connection.sendall(head + body)
        return connection.recv(200).partition(b"\r\n")[0]


def test_an_unknown_host_gets_a_page_and_leaves_a_line(server):
    response = server.get("/admin/login/", Host="evil.example.org", X_Request_ID="unknown-host")
    assert response.status == 400
    assert b"<html" in response.text
    lines = [line for line in told(server, "unknown-host") if line["level"] == "warning"]
    assert len(lines) == 1
    assert "exception" not in lines[0]


@pytest.mark.parametrize("size", [9_000, 10 * 2**20])
def test_an_endless_query_is_refused_and_the_server_lives(server, size):
    answer = raw(server, b"GET /?q=" + b"a" * size + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer.split()[1] in (b"400", b"414", b"431")
    assert server.get("/health").status == 200


@pytest.mark.parametrize("path", ["/%ff%fe/", "/%ED%A0%80/", "/caf%e9/", "/%F0%9F/"])
def test_broken_text_in_a_path_is_a_page_that_is_not_there(server, path):
    assert server.get(path).status == 404


@pytest.mark.parametrize("query", ["?q=%ff%fe", "?page=%ED%A0%80", "?%ff=1", "?page=%00%ff"])
def test_broken_text_in_a_query_breaks_nothing(server, query):
    assert server.get(f"/{query}").status in (200, 400, 404)


@pytest.mark.parametrize(
    "path", ["/a%00b/", "/%00", "/health%00", "/admin/%00/", "/admin/login/?next=%00"]
)
def test_a_nul_in_the_address_is_refused(server, path):
    assert server.get(path).status in (400, 404)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Odd: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1e3\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_a_broken_request_is_refused_and_the_server_lives(server, head):
    assert raw(server, head).split()[1][:2] in (b"40", b"41", b"43")
    assert server.get("/health").status == 200


def test_a_nul_in_a_field_is_an_error_of_the_form(server):
    page = server.get("/admin/login/")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = page.text.partition(b'name="csrfmiddlewaretoken" value="')[2].partition(b'"')[0]
    response = server.get(
        "/admin/login/",
        method="POST",
        body=urlencode(
            {"csrfmiddlewaretoken": token.decode(), "username": "a\0b", "password": "p\0"}
        ),
        Cookie=cookie,
        Content_Type="application/x-www-form-urlencoded",
        Origin="http://localhost",
    )
    assert response.status == 200
    assert b"Null characters are not allowed" in response.text


@pytest.mark.parametrize(
    ("kind", "size"),
    [("application/json", 6 * 2**20), ("multipart/form-data; boundary=x", 30 * 2**20)],
)
def test_an_oversize_body_is_refused_before_it_is_read(server, kind, size):
    head = (
        f"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {size}\r\nConnection: close\r\n\r\n"
    )
    # The words behind the number differ between releases of Python.
    assert raw(server, head.encode()).startswith(b"HTTP/1.1 413 ")


def test_every_failure_leaves_one_trace(monkeypatch, caplog):
    def broken(request):
        raise ValueError("out of order")

    monkeypatch.setattr("blogsite.health.alive", broken)
    answer = Client(raise_request_exception=False).get("/health")
    assert answer.status_code == 500
    assert b"out of order" not in answer.content
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == [
        "out of order"
    ]


# --- The database ---------------------------------------------------------------------------


#: How the engine itself refuses to write, as it does on a read-only or a full disk; and the end.
REFUSALS = {
    "sqlite": [
        ("PRAGMA query_only = on", "PRAGMA query_only = off"),
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823"),
    ],
    "postgresql": [
        ("SET default_transaction_read_only = on", "RESET default_transaction_read_only"),
    ],
}


@pytest.mark.parametrize(("refuse", "allow"), REFUSALS[connection.vendor])
def test_what_cannot_be_written_is_said_and_told(transactional_db, refuse, allow, caplog):
    client = Client(raise_request_exception=False)
    client.force_login(factories.user("ann", is_staff=True, is_superuser=True))
    with connection.cursor() as cursor:
        # Else what earlier tests left free in the file would still take what is written here.
        cursor.execute("VACUUM")
        cursor.execute(refuse)
        try:
            assert client.get("/").status_code == 200
            tag = {"name": "Tides", "description": "x" * 2**20}
            answer = client.post(reverse("admin:posts_tag_add"), tag)
        finally:
            cursor.execute(allow)
    assert answer.status_code in (500, 503)
    assert b"<html" in answer.content
    assert len([record for record in caplog.records if record.exc_info]) == 1


def test_a_database_that_is_away_at_the_start(static_root):
    nowhere = f"postgres://blog:secret@127.0.0.1:{free_port()}/blog"
    with serving(STATIC_ROOT=static_root, DATABASE_URL=nowhere) as server:
        assert server.get("/health").status == 200
        started = time.monotonic()
        ready = server.get("/health/ready")
        assert time.monotonic() - started < 10
        assert ready.status == 503
        assert json.loads(ready.text)["checks"]["database"] != "ok"
        page = server.get("/admin/login/", X_Request_ID="database-away")
        assert page.status == 503
        assert page.headers["Retry-After"]
        assert b"<html" in page.text
        lines = [line for line in told(server, "database-away") if "exception" in line]
        assert len(lines) == 1
        assert "secret" not in "".join(server.lines())


def connections(url: str) -> int:
    with psycopg.connect(url) as ours:
        question = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'blogsite'"
        return ours.execute(question).fetchone()[0]


@pytest.fixture(scope="module")
def on_postgres(own_postgres, static_root) -> Generator[tuple[Server, int]]:
    """And how many connections it had when nobody had needed one."""
    with serving(STATIC_ROOT=static_root, DATABASE_URL=own_postgres.url) as server:
        yield server, connections(own_postgres.url)


def test_no_connection_is_opened_before_somebody_needs_it(on_postgres, postgres):
    server, unasked = on_postgres
    assert unasked == 0
    assert server.get("/admin/login/").status == 200
    assert connections(postgres.url) > 0


def test_a_restart_between_two_requests_is_not_felt(on_postgres, postgres):
    server, _unasked = on_postgres
    for _ in range(3):
        assert server.get("/admin/login/").status == 200
    postgres.stop()
    postgres.start_again()
    for _ in range(8):
        assert server.get("/admin/login/").status == 200


def test_a_database_that_comes_back_is_used_at_once(on_postgres, postgres):
    server, _unasked = on_postgres
    server.wait("/health/ready")
    for _ in range(3):
        assert server.get("/admin/login/").status == 200
    postgres.stop()
    for _ in range(4):  # long enough for pauses between tries to have grown
        assert server.get("/admin/login/").status == 503
    assert server.get("/health").status == 200
    assert server.get("/health/ready").status == 503
    postgres.start_again()
    server.wait("/health/ready")
    for _ in range(8):
        assert server.get("/admin/login/").status == 200
