"""The real server and a real PostgreSQL that goes away, freezes, and comes back."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from blogsite.pagecache.watch import PATIENCE
from tests.frame.server import Server, manage, serving

STALE = "Blogsite; hit; detail=stale"
A_WHILE = 10
RENAME = (
    "from blogsite.site.models import SiteSettings; site = SiteSettings.current();"
    "site.title = {!r}; site.save()"
)


@pytest.fixture
def server(postgres, static_root) -> Iterator[Server]:
    with serving(
        STATIC_ROOT=static_root, DATABASE_URL=postgres.url, GUNICORN_THREADS="2"
    ) as server:
        server.wait("/health/ready")
        yield server


@pytest.fixture
def rename(postgres, static_root) -> Callable[[str], None]:
    def rename(title: str) -> None:
        environment = {"DATABASE_URL": postgres.url, "STATIC_ROOT": static_root}
        manage("shell", "-c", RENAME.format(title), **environment)

    return rename


def read_until_known(server: Server, title: str) -> None:
    end = time.monotonic() + A_WHILE
    while time.monotonic() < end:
        answer = server.get("/")
        if title.encode() in answer.text and "Cache-Status" not in answer.headers:
            return
        time.sleep(0.05)
    raise AssertionError(f"{title} was never shown")


def read_through_an_outage(server: Server, title: str, seconds: float) -> None:
    end, waits = time.monotonic() + seconds, []
    while time.monotonic() < end:
        began = time.monotonic()
        answer = server.get("/")
        waits.append(time.monotonic() - began)
        time.sleep(0.01)  # the other tests run at the same time
        assert (answer.status, title.encode() in answer.text) == (200, True)
    assert answer.headers["Cache-Status"] == STALE
    # One look may keep one reader of each thread waiting; all others are answered at once.
    assert len([wait for wait in waits if wait > PATIENCE / 2]) <= 4
    assert max(waits) < 2 * PATIENCE + 0.5


def test_readers_do_not_feel_a_database_that_is_away(server, postgres, rename):
    rename("Low Water")
    read_until_known(server, "Low Water")
    postgres.stop()
    read_through_an_outage(server, "Low Water", seconds=3.5)
    postgres.start_again()
    rename("High Water")
    read_until_known(server, "High Water")
    said = [event["message"].partition(":")[0] for event in server.events()]
    assert said.count("stamps.unreadable") == said.count("stamps.readable") == 1


def test_readers_do_not_feel_a_database_that_freezes(server, postgres, rename):
    rename("Low Water")
    read_until_known(server, "Low Water")
    with psycopg.connect(postgres.url) as ours:
        found = ours.execute("SELECT pid FROM pg_stat_activity WHERE application_name='blogsite'")
        processes = [postgres.process.pid, *(pid for (pid,) in found)]
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        read_through_an_outage(server, "Low Water", seconds=3.5)
    finally:
        for pid in processes:
            os.kill(pid, signal.SIGCONT)
    rename("High Water")
    read_until_known(server, "High Water")
