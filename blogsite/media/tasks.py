"""What is done about uploads when nobody is waiting for it."""

from datetime import timedelta

from django.core.files.storage import default_storage

from blogsite.media import leaving
from blogsite.media.programs import Impossible
from blogsite.media.variants import make_variants_of
from blogsite.tasks import GiveUp, policy, task
from blogsite.tasks.chores import chore


@task(priority=-10)
@policy(attempts=5, time_limit=300)
def make_variants(name: str) -> None:
    """Make the smaller copies of the picture that is stored under this name."""
    try:
        make_variants_of(name)
    except Impossible as problem:
        raise GiveUp(str(problem)) from problem


@chore(every=timedelta(hours=6))
@task(priority=-50)
def prune_unfinished() -> int:
    """Remove what killed processes left in the storage; a bucket clears up by itself."""
    prune = getattr(default_storage, "prune", None)
    return prune() if prune else 0


@task()
def remove_files() -> int:
    """Remove the files of uploads that are gone, whoever deleted them."""
    return leaving.remove_folders()


@chore(every=timedelta(days=1))
@task(priority=-50)
def clear_away() -> int:
    """Look anew what is used where; then remove what was put away long ago and nobody uses."""
    return leaving.clear_away()
