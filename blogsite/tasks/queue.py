"""Putting work into the queue."""

from functools import partial
from typing import Any

from django.db import transaction
from django_tasks_db import DatabaseBackend


def enqueue_on_commit(task: Any, *args: Any, **kwargs: Any) -> None:
    """Queue a task that may start only when the present transaction has been committed.

    With the queue in the database, the row is written at once, inside the transaction:
    it appears to the workers with the commit and vanishes with a rollback. That is safer
    than a hook after the commit, because a process killed between the two would lose the
    task. Any other queue cannot take part in the transaction, so there the hook is used,
    and that small gap remains.
    """
    if isinstance(task.get_backend(), DatabaseBackend):
        task.enqueue(*args, **kwargs)
    else:
        transaction.on_commit(partial(task.enqueue, *args, **kwargs))
