"""The way of a post from desk to desk: each step is one transaction with a line in its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from django.utils import timezone

from accounts.models import User
from blogsite.pagecache import stamping, touch
from posts import news
from posts.models import Post, Step
from posts.services.addresses import is_known
from posts.services.refusals import CannotStep, locked
from posts.services.stamps import affected_pages, look_at_links_to


def hand_in(post: Post, *, by: User | None, note: str = "") -> Post:
    """Ask the editors to look at a draft. They get a mail, queued with the step."""
    with _step(post, {Post.State.DRAFT}, Step.Kind.HANDED_IN, by, note) as row:
        row.state = Post.State.REVIEW
    return row


def send_back(post: Post, *, by: User | None, note: str = "") -> Post:
    """Make a text in review a draft again, with a word why. Its authors get a mail."""
    with _step(post, {Post.State.REVIEW}, Step.Kind.SENT_BACK, by, note) as row:
        row.state = Post.State.DRAFT
    return row


def take_down(post: Post, *, by: User | None, note: str = "") -> Post:
    """Make a published, scheduled or archived post a draft: nobody but its people can read it.

    Its row goes on holding what was live; drafted changes stay the newest version.
    """
    begins = {Post.State.PUBLISHED, Post.State.ARCHIVED}
    with _step(post, begins, Step.Kind.TAKEN_DOWN, by, note) as row:
        row.state = Post.State.DRAFT
    return row


def archive(post: Post, *, by: User | None, note: str = "") -> Post:
    """Put a published post away: readers no longer meet it, the desk keeps it apart."""
    with _step(post, {Post.State.PUBLISHED}, Step.Kind.ARCHIVED, by, note) as row:
        row.state = Post.State.ARCHIVED
    return row


def trash(post: Post, *, by: User | None, note: str = "") -> Post:
    """Into the trash, where it stays thirty days and comes back from with one click."""
    with _step(post, set(Post.State), Step.Kind.TRASHED, by, note) as row:
        row.trashed_at = timezone.now()
    return row


def restore(post: Post, *, by: User | None, note: str = "") -> Post:
    """Out of the trash, as a draft: nothing comes back before readers by accident."""
    with _step(post, set(Post.State), Step.Kind.RESTORED, by, note, trashed=True) as row:
        row.trashed_at = None
        row.state = Post.State.DRAFT
    return row


def put_back(post: Post, *, by: User | None, **values: Any) -> Post:
    """To where it was before a step, into the trash or out of it; its row is what it was then."""
    with _step(post, set(Post.State), Step.Kind.PUT_BACK, by, "", trashed=None) as row:
        for name, value in values.items():
            setattr(row, name, value)
    return row


@contextmanager
def _step(
    post: Post,
    begins: set[Post.State],
    kind: Step.Kind,
    by: User | None,
    note: str,
    *,
    trashed: bool | None = False,
) -> Iterator[Post]:
    with stamping():
        row = locked(post.pk)
        if row.state not in begins or trashed not in (None, bool(row.trashed_at)):
            raise CannotStep
        before = copy(row)
        yield row
        is_out = row.state == Post.State.PUBLISHED
        if not is_out and not is_known(row):
            row.first_published_at = None  # it never came out: its address may still change
        row.save()
        step = Step.objects.create(post=row, kind=kind, by=by, note=note)
        if kind == Step.Kind.HANDED_IN:
            news.tell_editors(step)
        elif kind == Step.Kind.SENT_BACK:
            news.tell_authors(step)
        touch(*affected_pages(before, row), removed=before.is_live() and not row.is_live())
        look_at_links_to(before, row)
