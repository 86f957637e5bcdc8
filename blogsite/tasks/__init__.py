"""Work that happens after the answer: a queue in the database and its worker.

    from blogsite.tasks import enqueue_on_commit, policy, task

    @task()
    @policy(attempts=8, time_limit=120)
    def make_variants(image_id: int) -> None: ...

    enqueue_on_commit(make_variants, image.pk)

A task runs at least once: a worker may die after the work and before the note that
says so. Write tasks that may run twice, take ids rather than rows, and return quietly
when the row is gone. See `worker.py` for what happens when one fails, hangs or is killed.

What comes round is a chore: `@chore(every=timedelta(hours=1))` above `@task()`, from
`blogsite.tasks.chores`. It is queued by whichever worker is idle, once for all of them.
"""

from django_tasks import task

from blogsite.tasks.policy import GiveUp, policy
from blogsite.tasks.queue import enqueue_on_commit

__all__ = ["GiveUp", "enqueue_on_commit", "policy", "task"]
