import time
from datetime import timedelta
from statistics import median
from threading import Event

import pytest
from django.db import connection
from django.db.models import F

from blogsite.pagecache import copies, touch, watch
from blogsite.pagecache.models import PageStamp
from blogsite.pagecache.watch import PATIENCE
from tests.pagecache import sample
from tests.pagecache.reader import ask
from tests.pagecache.threads import SOON, people


def test_change_is_seen_on_every_process_within_a_second(new_process):
    assert watch.TRUSTED + copies.GRACE < 1  # what holds however slow this machine is
    sample.write(1, "old")
    processes = [new_process(), new_process()]
    for number in range(3):
        for process in processes:
            ask(process, "/1/")
        time.sleep(0.17 * number)
        sample.write(1, f"new {number}")
        written = time.monotonic()
        waiting = list(processes)
        while waiting:
            asked = time.monotonic()
            waiting = [
                one for one in waiting if not ask(one, "/1/").text.startswith(f"new {number} ")
            ]
            assert not waiting or asked - written < 5  # other tests run at the same time
            time.sleep(0.02)


def test_readers_never_ask_the_database(get, wait_for_look, django_assert_num_queries):
    sample.write(1, "tide")
    get("/1/")
    end = time.monotonic() + 1.5
    with django_assert_num_queries(0):
        while time.monotonic() < end:
            assert get("/1/").status == 200
            time.sleep(0.01)
    assert len(sample.stage.rendered) == 1


def test_watcher_rests_while_nobody_reads(site, get):
    sample.write(1, "tide")
    get("/1/")
    time.sleep(3 * watch.EVERY)
    looked = site.watcher.looked
    time.sleep(3 * watch.EVERY)
    assert site.watcher.looked == looked
    assert time.monotonic() - looked > 2 * watch.EVERY


def test_first_reader_after_a_rest_sees_what_changed_meanwhile(site, get):
    sample.write(1, "tide")
    get("/1/")
    time.sleep(3 * watch.EVERY)
    sample.write(1, "ebb")
    assert get("/1/").text.startswith("ebb ")


def test_rest_longer_than_the_window_loses_nothing(site, get):
    sample.write(1, "tide")
    sample.write(2, "moon")
    get("/1/")
    hour = timedelta(hours=1)
    # It has rested for six hours; one hour in the text changed, and just now something else.
    PageStamp.objects.update(moved_at=F("moved_at") - 6 * hour)
    site.watcher._newest -= 6 * hour
    sample.write(1, "ebb")
    PageStamp.objects.filter(key="post:1").update(moved_at=F("moved_at") - 5 * hour)
    sample.write(2, "sun")
    site.watcher.looked -= hour.total_seconds()
    assert get("/1/").text.startswith("ebb ")


def test_stamp_from_the_future_does_not_hide_the_present(site, get, wait_for_look):
    sample.write(1, "tide")
    get("/1/")
    touch("site")
    PageStamp.objects.filter(key="site").update(moved_at="2100-01-01T00:00:00Z")
    wait_for_look()
    get("/1/")
    sample.write(1, "ebb")
    wait_for_look()
    assert get("/1/").text.startswith("ebb ")


def test_pages_that_do_not_show_a_change_stay(get, wait_for_look):
    sample.write(1, "tide")
    sample.write(2, "moon")
    get("/1/"), get("/2/"), get("/")
    sample.write(2, "sun")
    wait_for_look()
    sample.stage.rendered.clear()
    assert get("/").text == "tide sun"
    assert get("/2/").text.startswith("sun ")
    assert get("/1/").text.startswith("tide ")
    assert sample.stage.rendered == ["home", "/2/"]


@pytest.fixture
def broken_stamps():
    """A database that cannot be asked for stamps, until `mend` is called."""

    def rename(one: str, other: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {one} RENAME TO {other}")

    class Table:
        broken = False

        def break_(self) -> None:
            rename("pagecache_pagestamp", "elsewhere")
            self.broken = True

        def mend(self) -> None:
            rename("elsewhere", "pagecache_pagestamp")
            self.broken = False

    table = Table()
    yield table
    if table.broken:
        table.mend()


def test_outage_shows_the_last_good_pages_and_says_so(
    committed, broken_stamps, get, caplog, wait_for_look
):
    sample.write(1, "tide")
    get("/1/")
    broken_stamps.break_()
    time.sleep(watch.TRUSTED + watch.EVERY)
    for _ in range(3):
        began = time.monotonic()
        answer = get("/1/")
        assert (answer.status, answer.text[:5]) == (200, "tide ")
        assert answer.headers["Cache-Status"] == "Blogsite; hit; detail=stale"
        assert time.monotonic() - began < watch.PATIENCE
    # A page that was never kept still comes from Django, if Django can.
    assert get("/2/").status == 404
    broken_stamps.mend()
    sample.write(1, "ebb")
    wait_for_look()
    answer = get("/1/")
    assert answer.text.startswith("ebb ")
    assert "Cache-Status" not in answer.headers
    said = [record.getMessage().partition(":")[0] for record in caplog.records]
    assert said.count("stamps.unreadable") == 1
    assert said.count("stamps.readable") == 1


def test_watcher_does_not_rest_while_the_database_is_away(committed, broken_stamps, get):
    """Else the first reader after the outage would get what was right before it."""
    sample.write(1, "tide")
    get("/1/")
    broken_stamps.break_()
    time.sleep(watch.TRUSTED + watch.EVERY)
    assert "Cache-Status" in get("/1/").headers
    time.sleep(3 * watch.EVERY)
    broken_stamps.mend()
    time.sleep(3 * watch.EVERY)
    sample.write(1, "ebb")
    answer = get("/1/")
    assert answer.text.startswith("ebb ")
    assert "Cache-Status" not in answer.headers


def test_process_that_never_saw_the_stamps_keeps_nothing(committed, broken_stamps, site, get):
    sample.write(1, "tide")
    broken_stamps.break_()
    assert get("/1/").text.startswith("tide ")
    assert site.store.size == 0
    broken_stamps.mend()
    sample.write(1, "ebb")
    assert get("/1/").text.startswith("ebb ")


def test_look_that_hangs_keeps_no_reader(site, get, monkeypatch):
    monkeypatch.setattr(watch, "PATIENCE", PATIENCE)
    sample.write(1, "tide")
    get("/1/")
    let_go = Event()
    compare = site.watcher._compare
    monkeypatch.setattr(site.watcher, "_compare", lambda now: let_go.wait(SOON) and compare(now))
    time.sleep(watch.TRUSTED + watch.EVERY)
    waits = []
    for _ in range(5):
        began = time.monotonic()
        assert get("/1/").headers["Cache-Status"] == "Blogsite; hit; detail=stale"
        waits.append(time.monotonic() - began)
    assert waits[0] < SOON / 2
    assert median(waits[1:]) < PATIENCE / 2
    sample.write(1, "ebb")
    let_go.set()
    began = time.monotonic()
    while not get("/1/").text.startswith("ebb "):
        assert time.monotonic() - began < SOON


def test_watcher_finds_a_connection_again(site, get, wait_for_look):
    sample.write(1, "tide")
    get("/1/")
    if connection.vendor == "postgresql":  # SQLite has no server that could hang up
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
    sample.write(1, "ebb")
    wait_for_look()
    assert get("/1/").text.startswith("ebb ")


def test_thread_that_died_is_replaced(site, get):
    """As after a fork, where only the thread that forked lives on."""
    sample.write(1, "tide")
    get("/1/")
    site.watcher.stop()
    site.watcher._stopped = False
    sample.write(1, "ebb")
    time.sleep(watch.TRUSTED)
    assert get("/1/").text.startswith("ebb ")


def test_readers_who_just_wrote_share_the_looks(site, get):
    sample.write(1, "tide")
    get("/1/")
    with people(20) as start:
        began = time.monotonic()
        for one in [start(site.watcher.catch_up, began) for _ in range(20)]:
            assert one.result(SOON)
