"""The real server and a real PostgreSQL that goes away, freezes, and comes back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

import psycopg
import pytest

from blogsite.pagecache.watch import PATIENCE
from tests.frame.environment import ROOT
from tests.frame.server import Server, live, serving

pytestmark = pytest.mark.waits
STALE = "Blogsite; hit; detail=stale"
A_WHILE = 10
# One process for all: it asks for a connection anew each time, as a process of its own would.
RENAME = """
import sys
from django.db import connection
from blogsite.site.models import SiteSettings
for line in sys.stdin:
    site = SiteSettings.current()
    site.title = line.strip()
    site.save()
    connection.close()
    print("renamed", flush=True)
"""


@pytest.fixture(scope="module")
def server(own_postgres, static_root) -> Iterator[Server]:
    with serving(
        STATIC_ROOT=static_root, DATABASE_URL=own_postgres.url, GUNICORN_THREADS="2"
    ) as server:
        server.wait("/health/ready")
        yield server


@pytest.fixture(scope="module")
def rename(own_postgres, static_root) -> Iterator[Callable[[str], None]]:
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", RENAME],
        cwd=ROOT,
        env=live(DATABASE_URL=own_postgres.url, STATIC_ROOT=static_root, DATABASE_POOL_SIZE="0"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def rename(title: str) -> None:
            print(title, file=process.stdin, flush=True)
            assert process.stdout.readline() == "renamed\n"

        yield rename
        process.stdin.close()


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
    assert median(waits) < PATIENCE / 2
    assert max(waits) < 5


def test_readers_do_not_feel_a_database_that_is_away(server, postgres, rename):
    before = len(server.events())
    rename("Low Water")
    read_until_known(server, "Low Water")
    postgres.stop()
    read_through_an_outage(server, "Low Water", seconds=3.5)
    postgres.start_again()
    rename("High Water")
    read_until_known(server, "High Water")
    said = [event["message"].partition(":")[0] for event in server.events()[before:]]
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
