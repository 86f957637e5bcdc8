"""A queued task: django-tasks-db's row, with a lease, attempts and retries.

While a task is READY, `run_after` is the earliest moment it may start. While it is
RUNNING, it is the earliest moment it may start *again*: the end of its lease, which a
living worker keeps moving (see `pulse.py`). So the lease needs no table of its own.

Workers on several machines compare these moments by their own clocks, which must agree
within a few seconds.
"""

from datetime import timedelta
from traceback import format_exception
from typing import Any, ClassVar, cast

from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskContext, TaskResultStatus
from django_tasks.base import TASK_MIN_PRIORITY
from django_tasks_db.models import DBTaskResult

from blogsite.tasks.policy import DEFAULT, UNKNOWN, Policy, WorkerLost, pause_after
from blogsite.tasks.querysets import MAY_RETRY, QueuedTaskQuerySet

LOST = "The worker stopped in the middle of the task: it was killed or ran out of memory."


class QueuedTask(DBTaskResult):
    objects: ClassVar[Any] = QueuedTaskQuerySet.as_manager()

    class Meta:
        proxy = True
        default_permissions = ("view", "change", "delete")
        verbose_name = _("task")
        verbose_name_plural = _("tasks")

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name(self) -> str:
        return self.task_path.rsplit(".", 1)[-1]

    @property
    def attempts(self) -> int:
        return len(self.worker_ids)

    @property
    def policy(self) -> Policy:
        try:
            task = import_string(self.task_path)
        except Exception:  # whatever importing it may raise; `call` will meet it again and say so
            return UNKNOWN
        return getattr(getattr(task, "func", None), "policy", DEFAULT)

    @property
    def may_retry(self) -> bool:
        return self.status in MAY_RETRY

    def start(self, worker_id: str, lease: timedelta) -> None:
        now = timezone.now()
        self.status = TaskResultStatus.RUNNING
        self.started_at, self.run_after = now, now + lease
        self.worker_ids = [*self.worker_ids, worker_id]
        self.save(update_fields=["status", "started_at", "run_after", "worker_ids"])

    def call(self) -> Any:
        """Run the function itself."""
        task, result = self.task, cast("Any", self.task_result)
        context: list[Any] = [TaskContext(task_result=result)] if task.takes_context else []
        return task.call(*context, *result.args, **result.kwargs)

    def renew(self, lease: timedelta) -> bool:
        return bool(self._mine().update(run_after=timezone.now() + lease))

    def succeed(self, return_value: Any) -> str:
        """Note the success; of a private task the arguments are forgotten."""
        changes: dict[str, Any] = {"exception_class_path": "", "traceback": ""}
        if self.policy.private:
            changes["args_kwargs"] = {"args": [], "kwargs": {}}
        changes |= {"finished_at": timezone.now(), "return_value": return_value}
        return self._end("task.succeeded", status=TaskResultStatus.SUCCESSFUL, **changes)

    def fail(
        self,
        error: BaseException,
        *still: Q,
        final: bool = False,
        pause: timedelta | None = None,
    ) -> str:
        """Try again later, or stop trying when the attempts are used up or `final`."""
        kind, now = type(error), timezone.now()
        told = "".join(format_exception(error)).encode(errors="replace").decode()
        changes: dict[str, Any] = {
            "exception_class_path": f"{kind.__module__}.{kind.__qualname__}",
            # PostgreSQL takes no NUL in a text.
            "traceback": told.replace("\0", "\ufffd"),
        }
        if final or self.attempts >= self.policy.attempts:
            changes |= {"status": TaskResultStatus.FAILED, "finished_at": now}
            return self._end("task.failed", *still, **changes)
        # One step back in the queue, so that many failing tasks do not hold up the rest.
        changes["priority"] = max(self.priority - 1, TASK_MIN_PRIORITY)
        changes["run_after"] = now + (pause_after(self.attempts) if pause is None else pause)
        return self._end("task.retried", *still, status=TaskResultStatus.READY, **changes)

    def lose(self) -> str:
        """End a lease that ran out: back to the queue at once, while attempts remain."""
        over = Q(run_after__lte=timezone.now())  # the worker may have come back just now
        return self.fail(WorkerLost(LOST), over, pause=timedelta())

    def hand_back(self) -> str:
        """Undo `start`: nobody's fault, so it does not count as an attempt."""
        changes = {"run_after": timezone.now(), "worker_ids": self.worker_ids[:-1]}
        return self._end("task.handed_back", status=TaskResultStatus.READY, **changes)

    def _end(self, event: str, *still: Q, **changes: Any) -> str:
        """Change the row, and say what came of it for the log."""
        return event if self._mine(*still).update(**changes) else "task.superseded"

    def _mine(self, *still: Q) -> Any:
        """The row, only while this very attempt owns it.

        A worker that was away for longer than its lease must not overwrite what its
        successor has done; `started_at` is different for each attempt.
        """
        running = TaskResultStatus.RUNNING
        return type(self).objects.filter(
            *still, pk=self.pk, status=running, started_at=self.started_at
        )
