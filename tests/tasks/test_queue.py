import logging

import pytest
from django.db import transaction

from blogsite.tasks import enqueue_on_commit
from blogsite.tasks.models import QueuedTask
from blogsite.tasks.worker import drain
from tests.tasks import sample

IMMEDIATE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def test_enqueue_on_commit_queues_with_its_arguments(db, notes):
    enqueue_on_commit(sample.note, notes.path, line="hello")
    assert drain() == 1
    assert notes.lines == ["hello"]


def test_enqueue_on_commit_writes_inside_the_transaction(db):
    # Not in a hook after it: a process killed between commit and hook would lose the task.
    with transaction.atomic():
        enqueue_on_commit(sample.answer, 1)
        assert QueuedTask.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_enqueue_on_commit_forgets_when_rolled_back():
    with transaction.atomic():
        enqueue_on_commit(sample.answer, 1)
        transaction.set_rollback(True)
    assert not QueuedTask.objects.exists()


def test_enqueue_on_commit_waits_for_the_commit_where_the_queue_is_elsewhere(
    db, settings, notes, django_capture_on_commit_callbacks
):
    settings.TASKS = IMMEDIATE
    with django_capture_on_commit_callbacks(execute=True):
        enqueue_on_commit(sample.note, notes.path, "hello")
        assert notes.lines == []
    assert notes.lines == ["hello"]


def test_immediate_backend_logs_failures_with_traceback(settings, caplog):
    settings.TASKS = IMMEDIATE
    sample.fail.enqueue("it broke")
    failure = next(record for record in caplog.records if record.levelno == logging.ERROR)
    assert "sample.fail" in failure.getMessage()
    assert failure.exc_info is not None
    assert str(failure.exc_info[1]) == "it broke"
