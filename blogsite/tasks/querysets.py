"""Questions about many queued tasks, and what is done to many at once."""

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResultQuerySet
from django_tasks_db.utils import exclusive_transaction

if TYPE_CHECKING:
    from blogsite.tasks.models import QueuedTask

KEEP_SUCCESSFUL = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)
PRUNED_AT_ONCE = 1000
MAY_RETRY = [TaskResultStatus.FAILED, TaskResultStatus.READY]


class QueuedTaskQuerySet(DBTaskResultQuerySet):
    def claim(self, worker_id: str, lease: timedelta) -> "QueuedTask | None":
        """The next ready task, now running for this worker alone.

        The cheap look before the locked one spares SQLite a write lock per idle poll.
        """
        if not self.ready().exists():
            return None
        with exclusive_transaction(self.db):
            job = cast("QueuedTask | None", self.ready().get_locked())
            if job:
                job.start(worker_id, lease)
        return job

    def lost(self) -> "QuerySet[QueuedTask]":
        """Running tasks whose lease is over: their worker no longer lives."""
        lost = self.filter(status=TaskResultStatus.RUNNING, run_after__lte=timezone.now())
        return cast("QuerySet[QueuedTask]", lost)

    def retry(self) -> int:
        """Run failed and waiting tasks as soon as possible, with all their attempts again."""
        return self.filter(status__in=MAY_RETRY).update(
            status=TaskResultStatus.READY,
            run_after=timezone.now(),
            finished_at=None,
            worker_ids=[],
        )

    def prune(self) -> int:
        """Delete old results, a bounded number at a time."""
        now = timezone.now()
        old = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_SUCCESSFUL) | Q(
            status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILED
        )
        ids = self.filter(old).order_by().values_list("pk", flat=True)[:PRUNED_AT_ONCE]
        return self.filter(pk__in=list(ids)).delete()[0]
