"""Keeping the index in step with the posts."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from blogsite.site.models import SiteSettings, held
from posts.models import Post
from posts.search import tables
from posts.search.documents import Names, ahead, names_on, number, rows_of, with_names

BATCH = 50


@dataclass(frozen=True)
class Progress:
    done: int
    total: int


def index(post: Post, *, names: Names | None = None, draft: dict[str, Any] | None = None) -> None:
    """Let the index follow the row, inside the transaction that wrote it: two statements, and
    one to look its names up where they are not at hand."""
    if names is None:
        names = names_on(with_names(Post.objects.filter(pk=post.pk)).only("pk").get())
    tables.write(rows_of(post, names, draft))


def forget(pks: Collection[int]) -> None:
    """These posts are gone for good."""
    if pks:
        tables.remove([number(pk, at_desk=desk) for pk in pks for desk in (False, True)])


def index_posts(pks: Collection[int]) -> None:
    """Make the words of these posts anew: read before the transaction, and in it written only of
    those that nobody has saved meanwhile."""
    posts = with_names(Post.objects.filter(pk__in=pks)).select_related(None).order_by("pk")
    drafts = ahead(pks)
    with held():
        made = {post: rows_of(post, names_on(post), drafts.get(post.pk)) for post in posts}
    with transaction.atomic():
        rows = Post.objects.select_for_update().filter(pk__in=pks).order_by("pk")
        now = dict(rows.values_list("pk", "touched_at"))
        same = [words for post, words in made.items() if now.get(post.pk) == post.touched_at]
        if same:
            tables.write([row for words in same for row in words])


def index_due(*, everything: bool = False, batch_size: int = BATCH) -> Iterator[Progress]:
    """Index what is not, or not as it should be; yields after each batch.

    It can be stopped at any point, and goes on with what is left. While it runs what is there
    already is found as ever. `everything`: all posts; and what is left of others goes.
    """
    if everything:
        tables.forget_words()
        tables.forget_gone()
    total, done, last = Post.objects.count(), 0, 0
    while batch := _next(last, everything, batch_size):
        index_posts(batch)
        done, last = done + len(batch), batch[-1]
        yield Progress(done, total)


def _next(last: int, everything: bool, size: int) -> list[int]:
    if everything:
        posts = Post.objects.filter(pk__gt=last).order_by("pk")
        return list(posts.values_list("pk", flat=True)[:size])
    return tables.due(last, SiteSettings.current().language, size)
