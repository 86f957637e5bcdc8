"""What a changed picture means for posts: those who show it are shown anew."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from blogsite.media.signals import picture_changed
from blogsite.tasks import policy, task
from posts.services.rerendering import rerender_showing

#: Longer than a save takes between asking about its pictures and its commit.
ONCE_MORE_AFTER = timedelta(seconds=20)


def listen() -> None:
    picture_changed.connect(_queue, dispatch_uid="posts.picture_news")


def _queue(sender: Any, *, pk: int, names: list[str], **more: Any) -> None:
    """At once, and again for texts that were just being saved with what was known before."""
    show_anew.enqueue(pk, names)
    if show_anew.get_backend().supports_defer:
        show_anew.using(run_after=timezone.now() + ONCE_MORE_AFTER).enqueue(pk, names)


@task(priority=-5)
@policy(attempts=5, time_limit=300)
def show_anew(pk: int, names: list[str]) -> None:
    """Bring posts that show this picture up to date; their versions stay as they are."""
    rerender_showing(pk, names)
