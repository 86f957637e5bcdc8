"""Bringing stored HTML up to date after the renderer has changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from blogsite.lib.markdown import RENDER_VERSION, Refused
from blogsite.pagecache import stamping, touch
from posts.models import Post
from posts.models.post import DERIVED_FIELDS, SOURCE_FIELDS


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    refused: tuple[tuple[int, str], ...]  # number of the post, and why


def rerender_posts(*, batch_size: int = 50, everything: bool = False) -> Iterator[Progress]:
    """Render what an earlier renderer rendered, batch by batch; yields after each.

    Per batch: the HTML is made outside any transaction; then one short transaction with
    the rows and last the stamps of their pages. It can be stopped at any point: the next
    run goes on with what is left. Texts the renderer refuses keep the HTML they have, no
    version is made, and a text that was saved meanwhile is left as it was saved.
    """
    posts = Post.objects.order_by("pk")
    if not everything:
        posts = posts.exclude(render_version=RENDER_VERSION)
    total, done, last = posts.count(), 0, 0
    while batch := list(posts.filter(pk__gt=last).only("pk", *SOURCE_FIELDS)[:batch_size]):
        done, last = done + len(batch), batch[-1].pk
        yield Progress(done, total, _rerender(batch))


def _rerender(batch: list[Post]) -> tuple[tuple[int, str], ...]:
    rendered, refused = [], []
    for post in batch:
        try:
            rendered.append((post, _derived(post)))
        except Refused as refusal:
            refused.append((post.pk, str(refusal)))
    with stamping():
        for post, columns in rendered:
            unchanged = {name: getattr(post, name) for name in SOURCE_FIELDS}
            Post.objects.filter(pk=post.pk, **unchanged).update(**columns)
        touch("lists", *(f"post:{post.pk}" for post, _columns in rendered))
    return tuple(refused)


def _derived(post: Post) -> dict[str, Any]:
    fresh = Post(**{name: getattr(post, name) for name in SOURCE_FIELDS})
    fresh.derive()
    columns = {name: getattr(fresh, name) for name in DERIVED_FIELDS}
    return columns | {"touched_at": timezone.now()}
