"""Workers as real processes: killed, stopped, several at once, cut off from the database."""

import logging
import socket
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from django.db import connection

from blogsite.tasks.models import QueuedTask
from blogsite.tasks.pulse import SECONDS_TO_UNWIND
from blogsite.tasks.worker import GRACE
from posts.tasks import check_outside_links
from tests.tasks import sample
from tests.tasks.conftest import database_url, until

pytestmark = pytest.mark.waits


logger = logging.getLogger(__name__)


def only() -> QueuedTask:
    return QueuedTask.objects.get()


def test_task_of_a_killed_worker_runs_again(start_worker, notes):
    sample.hang_once.enqueue(notes.path)
    first = start_worker("--lease", "1.5")
    until(lambda: notes.lines == ["attempt 1"])
    first.kill()
    assert only().status == "RUNNING"
    start_worker("--lease", "1.5")
    until(lambda: only().status == "SUCCESSFUL")
    assert notes.lines == ["attempt 1", "attempt 2"]
    assert only().attempts == 2


def test_task_longer_than_the_lease_is_not_taken_from_a_living_worker(start_worker, notes):
    sample.note_after.enqueue(notes.path, seconds=4)
    workers = [start_worker("--lease", "1.5"), start_worker("--lease", "1.5")]
    until(lambda: only().status == "SUCCESSFUL")
    assert notes.lines == ["begins", "ends"]
    assert only().attempts == 1
    assert not any("task.superseded" in worker.said for worker in workers)


def test_workers_never_run_the_same_task_twice_nor_queue_a_chore_twice(start_worker, notes):
    count = 40
    for number in range(count):
        sample.note.enqueue(notes.path, str(number))
    workers = [start_worker("--drain") for _ in range(3)]
    for worker in workers:
        assert worker.process.wait(50) == 0, worker.said
    assert Counter(notes.lines) == Counter(str(number) for number in range(count))
    assert {len(job.worker_ids) for job in QueuedTask.objects.all()} == {1}
    chore = QueuedTask.objects.get(task_path=check_outside_links.module_path)
    assert (chore.status, chore.attempts) == ("SUCCESSFUL", 1)


def test_asked_to_stop_the_worker_finishes_its_task(start_worker, notes):
    sample.note_after.enqueue(notes.path, seconds=1.5)
    sample.note.enqueue(notes.path, "next")
    worker = start_worker()
    until(lambda: notes.lines)
    worker.stop()
    assert worker.process.returncode == 0
    assert notes.lines == ["begins", "ends"]
    assert sorted(QueuedTask.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL"]


def test_asked_to_stop_the_worker_hands_a_long_task_back(start_worker, notes):
    sample.note_after.enqueue(notes.path, seconds=50)
    worker = start_worker("--grace", "1")
    until(lambda: notes.lines)
    assert 1 <= worker.stop() < 6
    assert worker.process.returncode == 0
    assert notes.lines == ["begins"]
    assert (only().status, only().attempts) == ("READY", 0)
    assert len(QueuedTask.objects.ready()) == 1


def test_worker_that_cannot_hear_leaves_all_the_same(start_worker, notes):
    sample.hang_in_c.enqueue(notes.path)
    worker = start_worker("--grace", "0.5", "--lease", "1")
    until(lambda: notes.lines)
    assert worker.stop() < 0.5 + SECONDS_TO_UNWIND + 4
    assert "worker.killed_itself" in worker.said
    until(lambda: QueuedTask.objects.lost().exists())


def test_worker_is_gone_within_ten_seconds():
    assert GRACE + SECONDS_TO_UNWIND < 10


class Outage(Protocol):
    url: str

    def begin(self) -> None: ...
    def end(self) -> None: ...


class MissingFile:
    """SQLite behind a link that leads nowhere for a while."""

    def __init__(self, folder: Path) -> None:
        self.link = folder / "link.sqlite3"
        self.url = f"sqlite:///{self.link}"
        self.end()

    def begin(self) -> None:
        self._point_to(self.link.parent / "no" / "such" / "folder")

    def end(self) -> None:
        self._point_to(Path(connection.settings_dict["NAME"]))

    def _point_to(self, target: Path) -> None:
        """In one step: where nothing is for a moment, SQLite would make a new file."""
        new = self.link.with_suffix(".new")
        new.symlink_to(target)
        new.replace(self.link)


class Proxy:
    """PostgreSQL behind a port that closes for a while, with all its connections."""

    def __init__(self) -> None:
        where = urlsplit(database_url())
        self.target = (where.hostname, where.port)
        self.open: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        account = where.netloc.rpartition("@")[0]
        self.url = where._replace(netloc=f"{account}@127.0.0.1:{self.address[1]}").geturl()
        self._serve()

    def begin(self) -> None:
        for each in (self.listener, *self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.open.clear()

    def end(self) -> None:
        self.listener = socket.create_server(self.address)
        self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(self.target)
                self.open += [client, server]
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)


@pytest.fixture
def outage(transactional_db: None, tmp_path: Path) -> Generator[Outage]:
    outage = MissingFile(tmp_path) if connection.vendor == "sqlite" else Proxy()
    yield outage
    outage.begin()


def test_worker_waits_for_a_database_that_is_away_and_notes_what_it_did(
    start_worker, notes, outage
):
    worker = start_worker(DATABASE_URL=outage.url)
    long = sample.note_after.enqueue(notes.path, seconds=2)
    until(lambda: notes.lines)
    outage.begin()
    until(lambda: notes.lines == ["begins", "ends"])
    outage.end()
    until(lambda: QueuedTask.objects.get(pk=long.id).status == "SUCCESSFUL")
    assert QueuedTask.objects.get(pk=long.id).attempts == 1
    before = len(worker.said)
    outage.begin()
    until(lambda: "worker.waiting_for_database" in worker.said[before:])
    sample.note.enqueue(notes.path, "after")
    outage.end()
    until(lambda: notes.lines == ["begins", "ends", "after"])
    assert worker.process.poll() is None
    # By now it is idle, which a stop ends at once.
    assert worker.stop() < 5
    assert worker.process.returncode == 0
    assert "worker.stopped" in worker.said
