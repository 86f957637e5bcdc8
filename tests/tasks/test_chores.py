from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db import connection

from blogsite.limits import Unavailable
from blogsite.tasks import chores, task, worker
from blogsite.tasks.models import QueuedTask
from blogsite.tasks.worker import Worker, drain

HOUR = timedelta(hours=1)


@task()
def sweep() -> str:
    return "swept"


@pytest.fixture
def sweeping(monkeypatch) -> None:
    """One chore, hourly, and no other."""
    monkeypatch.setattr(chores, "_chores", {})
    chores.chore(every=HOUR)(sweep)


def statuses() -> list[str]:
    rows = QueuedTask.objects.filter(task_path=sweep.module_path).order_by("enqueued_at")
    return list(rows.values_list("status", flat=True))


def test_due_chore_is_queued_once(db, sweeping):
    chores.enqueue_due_chores()
    chores.enqueue_due_chores()
    assert statuses() == ["READY"]
    drain()
    chores.enqueue_due_chores()
    assert statuses() == ["SUCCESSFUL"]


def test_chore_comes_round(db, monkeypatch):
    monkeypatch.setattr(chores, "_chores", {})
    chores.chore(every=timedelta(seconds=1))(sweep)
    chores.enqueue_due_chores()
    drain()
    threading.Event().wait(2.1)  # the counters go by the database's clock
    chores.enqueue_due_chores()
    assert statuses() == ["SUCCESSFUL", "READY"]


@pytest.mark.parametrize("status", ["READY", "RUNNING"])
def test_chore_is_not_queued_while_the_last_one_is_under_way(db, sweeping, status):
    sweep.enqueue()
    QueuedTask.objects.update(status=status)
    chores.enqueue_due_chores()
    assert statuses() == [status]
    QueuedTask.objects.update(status="SUCCESSFUL")
    chores.enqueue_due_chores()
    assert sorted(statuses()) == ["READY", "SUCCESSFUL"]


def test_chore_that_cannot_be_queued_leaves_the_next_for_the_next_look(db, sweeping, monkeypatch):
    cannot = SimpleNamespace(module_path="a", enqueue=Mock(side_effect=ZeroDivisionError))
    monkeypatch.setattr(chores, "_chores", {"a": (cannot, HOUR), **chores._chores})
    with pytest.raises(ZeroDivisionError):
        chores.enqueue_due_chores()
    chores.enqueue_due_chores()
    assert statuses() == ["READY"]


def test_look_for_nothing_writes_nothing(db, sweeping, django_assert_num_queries):
    chores.enqueue_due_chores()
    drain()
    with django_assert_num_queries(1):
        chores.enqueue_due_chores()


def test_many_at_once_queue_a_chore_once(transactional_db, sweeping):
    start = threading.Barrier(4)
    trouble: list[Exception] = []

    def look() -> None:
        try:
            start.wait(10)
            chores.enqueue_due_chores()
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert statuses() == ["READY"]


def test_idle_worker_queues_due_chores_and_runs_them(db, sweeping, monkeypatch):
    idle = Worker()
    idle.next["chores"] = 0
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(seconds)
        idle.stopping = len(rests) == 2

    monkeypatch.setattr(idle, "_rest", rest)
    idle.run()
    assert statuses() == ["SUCCESSFUL"]


def test_worker_lets_a_minute_pass_between_looks(monkeypatch):
    looks: list[float] = []
    now = 1000.0
    clock = SimpleNamespace(monotonic=lambda: now)
    monkeypatch.setattr(worker, "time", clock)
    monkeypatch.setattr(worker, "enqueue_due_chores", lambda: looks.append(now))
    idle = Worker()
    for now in (1000.0, 1031.0, 1062.0, 1093.0, 1124.0, 1155.0):  # noqa: B007
        idle._look_for_chores()
    assert looks == [1062.0, 1124.0]


def test_worker_goes_on_while_the_counters_are_away(db, monkeypatch, caplog):
    def away() -> None:
        raise Unavailable

    def rest(seconds: float) -> None:
        if statuses():
            idle.stopping = True
        else:
            sweep.enqueue()

    idle = Worker()
    idle.next["chores"] = 0
    monkeypatch.setattr(worker, "enqueue_due_chores", away)
    monkeypatch.setattr(idle, "_rest", rest)
    idle.run()
    assert statuses() == ["SUCCESSFUL"]
    assert "worker.waiting_for_database" in caplog.text


def test_draining_by_cron_does_chores_too(db, sweeping):
    call_command("worker", "--drain")
    assert statuses() == ["SUCCESSFUL"]
