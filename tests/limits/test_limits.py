import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from django.db import connection, connections, transaction

from blogsite import limits
from blogsite.limits import in_database
from blogsite.limits.models import Counter

ROOT = Path(__file__).resolve().parent.parent.parent
A_WHILE = 600


@pytest.fixture
def key(store) -> str:
    return f"sign-in:address:{uuid4()}"


def test_hits_are_within_the_limit_until_there_are_too_many(key):
    assert [limits.hit(key, limit=3, seconds=A_WHILE) for _ in range(5)] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_limit_of_nothing_allows_nothing(key):
    assert limits.hit(key, limit=0, seconds=A_WHILE) is False


def test_keys_are_counted_apart(key):
    assert limits.hit(key, limit=1, seconds=A_WHILE)
    assert limits.hit(f"{key}6", limit=1, seconds=A_WHILE)
    assert not limits.hit(key, limit=1, seconds=A_WHILE)


def test_any_text_can_be_a_key(key):
    for odd in ("", "x" * 100_000, "Zoë \0 'quoted' %s"):
        assert limits.hit(f"{key}{odd}", limit=9, seconds=A_WHILE)


def test_peek_says_what_the_next_hit_will_and_counts_nothing(key):
    for expected in (True, True, False):
        assert limits.peek(key, limit=2) is expected
        assert limits.peek(key, limit=2) is expected
        assert limits.hit(key, limit=2, seconds=A_WHILE) is expected


def test_forget_begins_anew(key):
    limits.hit(key, limit=1, seconds=A_WHILE)
    limits.forget(key)
    limits.forget(f"{key} that never was")
    assert limits.hit(key, limit=1, seconds=A_WHILE)


def test_window_ends_and_a_new_one_begins(key):
    limits.hit(key, limit=1, seconds=1)
    until(lambda: limits.peek(key, limit=1))
    assert limits.hit(key, limit=1, seconds=A_WHILE)
    assert not limits.peek(key, limit=1)
    assert not limits.hit(key, limit=1, seconds=A_WHILE)


def test_later_hits_do_not_put_off_the_end(key):
    began = time.monotonic()
    limits.hit(key, limit=1, seconds=2)
    until(lambda: limits.hit(key, limit=1, seconds=2))
    assert time.monotonic() - began > 1


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


def test_threads_at_once_lose_no_count(key):
    def hit_some(_: int) -> list[bool]:
        try:
            return [limits.hit(key, limit=50, seconds=A_WHILE) for _ in range(20)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        allowed = [one for some in pool.map(hit_some, range(8)) for one in some]
    assert (allowed.count(True), allowed.count(False)) == (50, 110)


def test_threads_at_once_begin_one_window(key):
    """The first hits of a window meet no row to lock."""
    for number in range(10):

        def hit(_: int, name: str = f"{key}{number}") -> bool:
            try:
                return limits.hit(name, limit=1, seconds=A_WHILE)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(hit, range(6))).count(True) == 1


def test_processes_at_once_lose_no_count(key, store, settings):
    program = (
        "import django; django.setup()\n"
        "from multiprocessing import get_context\n"
        "from django.conf import settings; from blogsite import limits\n"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}\n"
        f"settings.REDIS_URL = {settings.REDIS_URL!r}\n"
        "context = get_context('fork')\n"  # before anything is connected: each opens its own
        "together = context.Barrier(3)\n"
        "def hit_some(_):\n"
        "    together.wait(20)\n"
        f"    return sum(limits.hit({key!r}, limit=50, seconds=600) for _ in range(40))\n"
        "with context.Pool(3) as pool:\n"
        "    print(sum(pool.map(hit_some, range(3), chunksize=1)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=50,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "blogsite.settings"},
    )
    assert done.stdout == "50\n", done.stderr


def test_store_that_is_away_is_said_by_one_exception(store, settings, key):
    if store == "redis":
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
    else:
        rename("limits_counter", "elsewhere")
    try:
        for ask in (
            lambda: limits.hit(key, limit=1, seconds=1),
            lambda: limits.peek(key, limit=1),
            lambda: limits.forget(key),
        ):
            with pytest.raises(limits.Unavailable):
                ask()
    finally:
        if store == "database":
            rename("elsewhere", "limits_counter")


def rename(one: str, other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {one} RENAME TO {other}")


def test_redis_that_is_full_is_unavailable(settings, redis_url):
    settings.REDIS_URL = redis_url
    server = redis.Redis.from_url(redis_url)
    server.config_set("maxmemory", "1kb")
    try:
        with pytest.raises(limits.Unavailable):
            limits.hit("anything", limit=1, seconds=A_WHILE)
    finally:
        server.config_set("maxmemory", "0")


def test_count_never_depends_on_what_the_caller_does_next(settings, committed):
    """Inside the caller's transaction it would, on SQLite: there a hit is refused at once."""
    settings.REDIS_URL = ""
    with pytest.raises(RuntimeError, match="atomic"), transaction.atomic():
        limits.hit("sign-in", limit=1, seconds=A_WHILE)
    limits.hit("sign-in", limit=1, seconds=A_WHILE)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert not limits.peek("sign-in", limit=1)


def test_counting_works_in_a_test_that_is_rolled_back(settings, db):
    settings.REDIS_URL = ""
    assert limits.hit("sign-in", limit=1, seconds=A_WHILE)


def test_table_knows_nobody(settings, db):
    settings.REDIS_URL = ""
    limits.hit("sign-in:account:anna@example.org", limit=1, seconds=A_WHILE)
    assert "anna" not in Counter.objects.get().name


def test_pruning_removes_what_is_over_and_nothing_else(settings, db):
    settings.REDIS_URL = ""
    limits.hit("now", limit=1, seconds=A_WHILE)
    Counter.objects.bulk_create(
        Counter(name=f"{number}", count=1, expires_at=number) for number in range(1500)
    )
    in_database.prune()
    assert Counter.objects.count() == 501
    in_database.prune()
    assert Counter.objects.count() == 1
    assert not limits.peek("now", limit=1)


def test_hits_prune_now_and_then(settings, db, monkeypatch):
    settings.REDIS_URL = ""
    monkeypatch.setattr(in_database, "PRUNE_ONE_IN", 1)
    Counter.objects.create(name="old", count=1, expires_at=1)
    limits.hit("now", limit=1, seconds=A_WHILE)
    assert Counter.objects.count() == 1


def test_pruning_spares_a_counter_that_is_renewed_meanwhile(settings, committed):
    """The row was over when it was chosen, and is counting again when it is to be deleted."""
    settings.REDIS_URL = ""
    if connection.vendor == "sqlite":
        return  # its one writer at a time leaves no meanwhile
    Counter.objects.create(name=limits._name("again"), count=1, expires_at=1)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Counter.objects.update(count=5, expires_at=2**40)
            pruning = pool.submit(prune_and_close)
            time.sleep(0.3)
            assert not pruning.done()
        pruning.result(20)
    assert Counter.objects.get().count == 5


def prune_and_close() -> None:
    try:
        in_database.prune()
    finally:
        connections.close_all()
