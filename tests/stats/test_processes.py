"""Counted by processes and threads of a real server, and written by them."""

import os
import time
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from blogsite.stats import counting
from blogsite.stats.models import SITE, DayCount
from tests.frame.server import serving
from tests.stats.conftest import FIREFOX, counted

ASKED = 40


@pytest.fixture
def written(django_db_setup, django_db_blocker):
    """The test's database as other processes see it: a commit is one."""
    with django_db_blocker.unblock():
        DayCount.objects.all().delete()
        yield
        DayCount.objects.all().delete()
        connections.close_all()


def address_of_test_database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def test_what_processes_counted_is_written_when_they_end(written):
    database = address_of_test_database()
    with serving(ENV="development", DATABASE_URL=database, WEB_CONCURRENCY="2") as server:
        for _ in range(ASKED):
            assert server.get("/", User_Agent=FIREFOX).status == 200
        server.stop()
        assert not [line for line in server.lines() if "views.un" in line]
    assert counted() == {SITE: ASKED}


def test_a_thread_writes_by_itself_and_tries_again(written, monkeypatch):
    monkeypatch.setattr(counting, "EVERY", 0.01)
    monkeypatch.setattr(counting.Batch, "write", failing_once(counting.Batch.write))
    tally = counting.Tally()
    asked = {"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": FIREFOX}
    for expected in (1, 2):
        tally.note("home", asked)
        until = time.monotonic() + 10
        while counted() != {SITE: expected} and time.monotonic() < until:
            time.sleep(0.01)
        assert counted() == {SITE: expected}
    tally.note("home", asked)
    tally.begin_anew()  # as in a process that was forked: the parent has counted that
    tally.flush()
    tally.note("home", asked)
    tally.flush()
    assert counted() == {SITE: 3}


def failing_once(write):
    failed = []

    def wrapper(batch):
        if not failed:
            failed.append(True)
            raise RuntimeError("the database stumbled")
        write(batch)

    return wrapper
