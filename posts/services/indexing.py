"""Posts are found by the names of their topics and people, and follow when those change."""

from collections.abc import Sequence
from typing import Any

from accounts.signals import person_renamed
from blogsite.tasks import enqueue_on_commit
from posts.models import Post
from posts.search import index_posts
from posts.tasks import index_some

#: A few within the change itself; a topic may have tens of thousands.
AT_ONCE, IN_A_TASK = 20, 500


def index_again(pks: Sequence[int]) -> None:
    """The newest in the transaction under way, the others by tasks that are queued with it."""
    newest = sorted(pks, reverse=True)
    index_posts(newest[:AT_ONCE])
    for start in range(AT_ONCE, len(newest), IN_A_TASK):
        enqueue_on_commit(index_some, *newest[start : start + IN_A_TASK])


def listen() -> None:
    person_renamed.connect(_follow, dispatch_uid="posts.indexing")


def _follow(sender: Any, *, pk: int, **more: Any) -> None:
    index_again(list(Post.objects.owned_by(pk).order_by().values_list("pk", flat=True)))
