from threading import Barrier, Event

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

from blogsite.pagecache import stamp_address, stamping, stamps, touch
from blogsite.pagecache.models import PageStamp
from tests.pagecache import sample
from tests.pagecache.reader import ask
from tests.pagecache.threads import SOON, people


def versions() -> dict[str, int]:
    return dict(PageStamp.objects.values_list("key", "version"))


def test_touch_outside_a_transaction_opens_its_own(committed):
    touch("lists")
    touch("lists", "site")
    assert versions() == {"lists": 2, "site": 1}


def test_each_transaction_moves_a_stamp_once(committed):
    with stamping():
        touch("lists")
        touch("lists", "post:1")
    assert versions() == {"lists": 1, "post:1": 1}


def test_stamps_move_with_the_database_clock(committed):
    touch("lists")
    first = PageStamp.objects.get().moved_at
    touch("lists")
    assert PageStamp.objects.get().moved_at >= first
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        [now] = cursor.fetchone()
    assert str(first.replace(tzinfo=None))[:16] == str(now)[:16]


def test_removal_is_remembered_through_later_changes(committed):
    touch("post:1", removed=True)
    removed_at = PageStamp.objects.get().removed_at
    assert removed_at is not None
    touch("post:1")
    assert PageStamp.objects.get().removed_at == removed_at


def test_removal_wins_within_a_transaction(committed):
    with stamping():
        touch("post:1", removed=True)
        touch("post:1")
    assert PageStamp.objects.get().removed_at is not None


def test_stamps_are_the_last_statement_in_sorted_order(committed):
    """Through services in services, inside a transaction somebody else began."""
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        with stamping():
            touch("post:2")
            with stamping():
                touch("lists", "author:9")
            sample.texts().count()
        touch("post:10")
        sample.texts().count()
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    [written] = [sql for sql in statements if "pagestamp" in sql]
    assert statements[-1] in (written, "COMMIT")
    assert sum("INSERT INTO pagecache" in sql for sql in statements) == 1
    places = [written.index(f"'{key}'") for key in ("author:9", "lists", "post:10", "post:2")]
    assert places == sorted(places)


def test_many_stamps_are_written_in_parts_and_in_order(committed):
    keys = [f"post:{number}" for number in range(1234)]
    touch(*keys)
    assert versions() == dict.fromkeys(keys, 1)


def test_rollback_leaves_no_stamp(committed):
    def fail() -> None:
        with stamping():
            touch("lists")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    touch("site")
    assert versions() == {"site": 1}


def test_savepoint_that_is_rolled_back_takes_its_touches_along(committed):
    def fail() -> None:
        with stamping():
            touch("lists")
            with stamping():
                touch("post:1")
            raise RuntimeError

    with stamping():
        touch("site")
        with pytest.raises(RuntimeError):
            fail()
        touch("author:1")
    assert versions() == {"author:1": 1, "site": 1}


def test_stamps_that_cannot_be_written_undo_the_transaction(committed):
    def write_without_stamps() -> None:
        with stamping():
            sample.texts().create(pk=sample.BEYOND + 1, name="tide")
            touch("lists")
            touch(None)  # type: ignore[arg-type]

    with pytest.raises((IntegrityError, TypeError)):
        write_without_stamps()
    assert not sample.texts().exists()
    touch("lists")
    assert versions() == {"lists": 1}


def test_connection_that_breaks_before_the_commit_can_be_used_again(committed):
    def lose_connection() -> None:
        with stamping():
            sample.write(1, "tide")
            connection.connection.close()

    with pytest.raises((DatabaseError, InterfaceError)):
        lose_connection()
    connection.close()
    assert not sample.texts().exists()
    touch("site")
    assert versions() == {"site": 1}


def test_touches_wait_for_the_test_that_runs_commit_callbacks(
    db, django_capture_on_commit_callbacks
):
    """A test's own transaction never commits; its callbacks still move the stamps."""
    with django_capture_on_commit_callbacks(execute=True):
        touch("lists", "site")
    assert versions() == {"lists": 1, "site": 1}


def test_crossed_writers_never_wait_for_each_other_for_ever(committed):
    """Each touches in another order; the one who writes at once would meet a deadlock."""
    rounds, both_touched = 40, Barrier(2, timeout=SOON)

    def write_all(*keys: str) -> None:
        for _ in range(rounds):
            with stamping():
                for key in keys:
                    touch(key)
                    # SQLite lets one writer in at a time; there they cannot meet here.
                    if connection.vendor == "postgresql":
                        both_touched.wait()

    with people(2) as start:
        start(write_all, "lists", "post:1", "site")
        start(write_all, "site", "post:1", "lists")
    assert versions() == dict.fromkeys(("lists", "post:1", "site"), 2 * rounds)


def test_busy_writers_lose_no_version(committed):
    def write_some(number: int) -> None:
        for _ in range(10):
            sample.write(number, f"text {number}")

    with people(4) as start:
        for number in range(4):
            start(write_some, number)
    assert versions() == {"lists": 40, **{f"post:{number}": 10 for number in range(4)}}


def test_late_commit_is_noticed(get, wait_for_look, monkeypatch):
    """One transaction takes its stamps and commits only after others, and looks, have passed."""
    reached, may_commit = Event(), Event()
    commit = BaseDatabaseWrapper.commit

    def slow_commit(self: BaseDatabaseWrapper) -> None:
        if any("late" in touched.keys for touched in stamps._touches(self)):
            reached.set()
            assert may_commit.wait(SOON)
        commit(self)

    def write_late() -> None:
        with stamping():
            sample.write(1, "new")
            touch("late")

    sample.write(1, "old")
    monkeypatch.setattr(BaseDatabaseWrapper, "commit", slow_commit)
    with people(1) as start:
        writer = start(write_late)
        assert reached.wait(SOON)
        if connection.vendor == "postgresql":  # SQLite lets nobody else write meanwhile
            touch("in between")
        wait_for_look()
        # Kept between the stamps and their commit: the page shows the old text.
        assert get("/1/").text.startswith("old ")
        wait_for_look()
        may_commit.set()
        writer.result(SOON)
    wait_for_look()
    assert get("/1/").text.startswith("new ")


def test_writer_sees_the_change_at_once_on_any_process(new_process):
    sample.write(1, "tide")
    processes = [new_process(), new_process()]
    for number in range(5):
        for process in processes:
            ask(process, "/1/")
        sample.write(1, f"change {number}")
        for process in processes:
            assert ask(process, stamp_address("/1/")).text.startswith(f"change {number} ")


def test_stamp_address_keeps_the_rest_of_the_address(time_machine):
    time_machine.move_to("2026-01-02 03:04:05Z", tick=False)
    assert stamp_address("/a/") == "/a/?at=1767323045"
    assert stamp_address("/a/?b=c&at=1&d=#e") == "/a/?b=c&d=&at=1767323045#e"


@pytest.mark.parametrize(
    ("at", "asks"),
    [("1767323045", True), ("1767323000", True), ("1767322900", False), ("1767323900", False),
     ("", False), ("now", False), ("²", False), ("9" * 5000, False), ("-1", False)],
)  # fmt: skip
def test_shared_address_soon_means_nothing_special(time_machine, at, asks):
    time_machine.move_to("2026-01-02 03:04:05Z", tick=False)
    assert stamps.asks_to_look(at) is asks


def test_groups_of_the_installation_are_left_alone(committed):
    """What these tests write stands apart from the rows a new installation has."""
    assert not Group.objects.filter(pk__gt=sample.BEYOND).exists()
