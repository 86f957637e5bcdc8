"""What is done about uploads when nobody is waiting for it."""

from datetime import timedelta

from django.core.files.storage import default_storage

from blogsite.tasks import task
from blogsite.tasks.chores import chore


@chore(every=timedelta(hours=6))
@task(priority=-50)
def prune_unfinished() -> int:
    """Remove what killed processes left in the storage; a bucket clears up by itself."""
    prune = getattr(default_storage, "prune", None)
    return prune() if prune else 0
