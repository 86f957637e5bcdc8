"""Work that comes round: a task that is queued every so often, once for all processes.

    @chore(every=timedelta(hours=1))
    @task()
    def tidy_up() -> None: ...

Chores live in the `tasks` module of an app, where the worker finds them. It looks for due ones
when it has nothing else to do, so they may come late, and they never come while the last one
still waits or runs. A worker that dies between claiming and queueing leaves the chore out once.
"""

from datetime import timedelta
from typing import Any

from django.utils.module_loading import autodiscover_modules
from django_tasks import TaskResultStatus

from blogsite import limits
from blogsite.tasks.models import QueuedTask

UNDER_WAY = [TaskResultStatus.READY, TaskResultStatus.RUNNING]


#: By the name of the task: itself, and how often.
_chores: dict[str, tuple[Any, timedelta]] = {}


def chore(*, every: timedelta) -> Any:
    """Decorate a task without arguments, above `@task()`."""

    def register(task: Any) -> Any:
        _chores[task.module_path] = task, every
        return task

    return register


def enqueue_due_chores() -> None:
    """Call it outside of transactions: what was claimed stays claimed."""
    autodiscover_modules("tasks")
    for name, (task, every) in _chores.items():
        if _is_due(name, every):
            task.enqueue()


def _is_due(name: str, every: timedelta) -> bool:
    """True for one process only, and then for nobody until the time has passed again.

    The two cheap looks come first: claiming writes.
    """
    key = f"chore:{name}"
    return (
        limits.peek(key, limit=1)
        and not QueuedTask.objects.filter(task_path=name, status__in=UNDER_WAY).exists()
        and limits.hit(key, limit=1, seconds=int(every.total_seconds()))
    )
