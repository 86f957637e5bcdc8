import logging
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from blogsite.tasks import worker
from blogsite.tasks.models import LOST, QueuedTask
from blogsite.tasks.querysets import KEEP_FAILED, KEEP_SUCCESSFUL
from blogsite.tasks.worker import LEASE, Worker, drain
from tests.tasks import sample

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def only() -> QueuedTask:
    return QueuedTask.objects.get()


def test_worker_notes_success_and_what_was_returned(db):
    result = sample.answer.enqueue({"a": [1, 2]})
    drain()
    result.refresh()
    assert result.return_value == {"a": [1, 2]}
    assert result.attempts == 1


def test_worker_logs_one_line_per_task(db, caplog):
    caplog.set_level(logging.INFO)
    sample.answer.enqueue(1)
    drain()
    (line,) = [record for record in caplog.records if record.name == "blogsite.tasks.worker"]
    assert line.getMessage() == "task.succeeded"
    assert (line.task, line.task_id, line.attempt) == ("answer", str(only().pk), 1)
    assert 0 <= line.seconds < 5


def test_failing_task_is_tried_again_later_and_later_then_fails(db, caplog):
    sample.fail.enqueue()
    pauses = []
    with time_machine.travel(NOON, tick=False) as clock:
        for attempt in (1, 2):
            assert drain() == 1
            assert drain() == 0
            job = only()
            assert (job.status, job.attempts) == ("READY", attempt)
            pauses.append(job.run_after - timezone.now())
            clock.move_to(job.run_after)
        assert drain() == 1
        clock.shift(timedelta(days=30))
        assert drain() == 0
    assert timedelta(seconds=12) <= pauses[0] < pauses[1]
    job = only()
    assert (job.status, job.attempts) == ("FAILED", 3)
    assert "ValueError: no such thing" in job.traceback
    levels = [record.levelno for record in caplog.records]
    assert levels == [logging.WARNING, logging.WARNING, logging.ERROR]


def test_task_that_gives_up_is_not_tried_again(db):
    sample.give_up.enqueue()
    drain()
    assert only().status == "FAILED"
    assert "not today, not ever" in only().traceback


def test_worker_survives_a_task_that_exits(db):
    sample.leave.enqueue()
    sample.answer.enqueue(1)
    assert drain() == 2
    assert QueuedTask.objects.get(status="READY").short_name == "leave"


def test_failing_task_steps_behind_the_others(db):
    sample.fail.enqueue()
    drain()
    QueuedTask.objects.update(run_after=timezone.now())
    sample.answer.enqueue(1)
    Worker().step()
    assert QueuedTask.objects.get(status="SUCCESSFUL").short_name == "answer"


def test_worker_takes_higher_priority_first(db, notes):
    for line, priority in (("low", -5), ("high", 5), ("middle", 0)):
        sample.note.using(priority=priority).enqueue(notes.path, line)
    drain()
    assert notes.lines == ["high", "middle", "low"]


def test_worker_leaves_tasks_of_the_future_alone(db):
    sample.answer.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(1)
    assert drain() == 0


@pytest.mark.parametrize("path", ["tests.tasks.sample.gone", "gone.tasks.send", "nowhere"])
def test_task_whose_code_is_gone_is_tried_again_and_seen(db, path):
    sample.answer.enqueue(1)
    QueuedTask.objects.update(task_path=path)
    assert drain() == 1
    assert only().status == "READY"
    assert "Error" in only().traceback


def test_error_that_no_database_can_hold_is_noted(db, monkeypatch):
    # The test runner could not pass its line on.
    monkeypatch.setattr(worker, "_log", lambda *told, **more: None)
    sample.fail_oddly.enqueue()
    assert drain() == 1
    assert "a\ufffdb?c" in only().traceback


def test_returned_value_that_is_no_json_is_a_failure(db):
    sample.answer_object.enqueue()
    assert drain() == 1
    assert only().status == "READY"
    assert "TypeError" in only().traceback


@pytest.mark.django_db(transaction=True)
def test_returned_value_the_database_cannot_hold_is_a_failure():
    sample.answer_nul.enqueue()
    assert drain() == 1
    # SQLite holds a NUL, PostgreSQL refuses it; either way the attempt ends with an outcome.
    holds_nul = connection.vendor == "sqlite"
    assert only().status == ("SUCCESSFUL" if holds_nul else "READY")
    assert only().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_returned_value_that_json_does_not_know_is_a_failure():
    sample.answer_not_a_number.enqueue()
    assert drain() == 1
    assert (only().status, only().attempts) == ("READY", 1)


@pytest.mark.django_db(transaction=True)
def test_task_over_its_time_limit_is_ended_even_inside_the_database():
    sample.ask_slowly.enqueue()
    sample.answer.enqueue(1)
    began = time.monotonic()
    assert drain() == 2
    assert time.monotonic() - began < 10
    failed = QueuedTask.objects.get(status="FAILED")
    assert "TimeLimitReached" in failed.traceback
    assert QueuedTask.objects.successful().count() == 1


def test_lost_task_runs_again_when_its_lease_is_over(db):
    sample.answer.enqueue(1)
    with time_machine.travel(NOON, tick=False) as clock:
        assert QueuedTask.objects.claim("dead", LEASE)
        clock.shift(LEASE - timedelta(seconds=1))
        assert drain() == 0
        clock.shift(timedelta(seconds=1))
        assert drain() == 1
    assert (only().status, only().attempts) == ("SUCCESSFUL", 2)


def test_lost_task_fails_when_its_attempts_are_used_up(db):
    sample.fail.enqueue()
    QueuedTask.objects.update(worker_ids=["dead", "dead"])
    with time_machine.travel(NOON, tick=False) as clock:
        assert QueuedTask.objects.claim("dead", LEASE)
        clock.shift(LEASE)
        assert drain() == 0
    assert only().status == "FAILED"
    assert LOST in only().traceback


def test_renewed_lease_is_not_lost(db):
    sample.answer.enqueue(1)
    with time_machine.travel(NOON, tick=False) as clock:
        job = QueuedTask.objects.claim("alive", LEASE)
        clock.shift(LEASE - timedelta(seconds=1))
        assert job.renew(LEASE)
        clock.shift(LEASE - timedelta(seconds=1))
        assert not QueuedTask.objects.lost().exists()


def test_lost_task_that_was_renewed_meanwhile_stays_with_its_worker(db):
    sample.answer.enqueue(1)
    with time_machine.travel(NOON, tick=False) as clock:
        job = QueuedTask.objects.claim("slow", LEASE)
        clock.shift(LEASE)
        (seen_lost,) = QueuedTask.objects.lost()
        job.renew(LEASE)
        assert seen_lost.lose() == "task.superseded"
    assert only().status == "RUNNING"


def test_late_worker_does_not_overwrite_its_successor(db):
    sample.answer.enqueue(1)
    with time_machine.travel(NOON, tick=False) as clock:
        late = QueuedTask.objects.claim("late", LEASE)
        clock.shift(LEASE)
        (lost,) = QueuedTask.objects.lost()
        lost.lose()
        clock.shift(timedelta(milliseconds=1))
        successor = QueuedTask.objects.claim("successor", LEASE)
        assert late.fail(ValueError("too late")) == "task.superseded"
        assert not late.renew(LEASE)
        assert successor.succeed(2) == "task.succeeded"
    assert (only().status, only().return_value, only().traceback) == ("SUCCESSFUL", 2, "")


def test_task_deleted_while_it_runs_is_no_trouble(db):
    sample.answer.enqueue(1)
    job = QueuedTask.objects.claim("me", LEASE)
    QueuedTask.objects.all().delete()
    assert job.succeed(1) == "task.superseded"


def test_worker_forgets_private_arguments_after_success_only(db):
    sample.keep_secret.enqueue("hunter2")
    sample.keep_secret.enqueue("hunter3", fails=True)
    drain()
    assert QueuedTask.objects.get(status="SUCCESSFUL").args_kwargs == {"args": [], "kwargs": {}}
    assert QueuedTask.objects.get(status="READY").args_kwargs["args"] == ["hunter3"]


def test_worker_prunes_old_successes_and_later_failures(db):
    now = timezone.now()
    ages = {
        "SUCCESSFUL": [KEEP_SUCCESSFUL * 0.9, KEEP_SUCCESSFUL * 1.1],
        "FAILED": [KEEP_FAILED * 0.9, KEEP_FAILED * 1.1],
    }
    for status, of_status in ages.items():
        for age in of_status:
            result = sample.answer.enqueue(1)
            row = QueuedTask.objects.filter(pk=result.id)
            row.update(status=status, finished_at=now - age, enqueued_at=now - age)
    sample.answer.using(run_after=now + timedelta(days=400)).enqueue(1)
    QueuedTask.objects.filter(status="READY").update(enqueued_at=now - timedelta(days=400))
    drain()
    left = sorted(QueuedTask.objects.values_list("status", flat=True))
    assert left == ["FAILED", "READY", "SUCCESSFUL"]
    assert not QueuedTask.objects.filter(finished_at__lt=now - KEEP_FAILED).exists()


@pytest.mark.parametrize("arguments", [{"once": True}, {"drain": True}])
def test_command_runs_and_comes_back(db, arguments):
    from django.core.management import call_command

    task = sample.answer.enqueue(1)
    call_command("worker", **arguments)
    assert QueuedTask.objects.get(pk=task.id).status == "SUCCESSFUL"


def test_command_once_runs_one(db):
    from django.core.management import call_command

    sample.answer.enqueue(1)
    sample.answer.enqueue(2)
    call_command("worker", "--once")
    assert QueuedTask.objects.successful().count() == 1


def test_command_refuses_to_work_for_another_queue(settings):
    from django.core.management import CommandError, call_command

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with pytest.raises(CommandError, match="does not use the queue in the database"):
        call_command("worker", "--once")
