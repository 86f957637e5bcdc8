"""Bringing stored HTML up to date after the renderer has changed.

Posts know which renderer made their HTML. What people wrote about themselves and the footer
are few and short: they are rendered every time, and stored when something else comes out.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from blogsite.lib.markdown import RENDER_VERSION, Refused
from blogsite.pagecache import stamping, touch
from blogsite.site.models import SiteSettings
from posts.models import Post, Series, Tag
from posts.models.post import DERIVED_FIELDS, SOURCE_FIELDS
from posts.search import index_posts

_READ = (*SOURCE_FIELDS, *DERIVED_FIELDS)


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
    while batch := list(posts.filter(pk__gt=last).only("pk", *_READ)[:batch_size]):
        done, last = done + len(batch), batch[-1].pk
        yield Progress(done, total, _rerender(batch))


def rerender_showing(pk: int, names: Collection[str], *, batch_size: int = 50) -> None:
    """A picture looks otherwise now: make the HTML anew of posts whose text names it by one of
    these names, and the pages of those whose cover it is. As above; what stays the same is left.
    """
    naming = reduce(or_, (Q(body__contains=name) for name in names))
    posts, last = Post.objects.filter(naming).order_by("pk"), 0
    while batch := list(posts.filter(pk__gt=last).only("pk", *_READ)[:batch_size]):
        last = batch[-1].pk
        _rerender(batch)
    covered = Post.objects.filter(Q(cover=pk) | Q(social_image=pk)).values_list("pk", flat=True)
    keys = {f"post:{post}" for post in covered}
    for gathering in (Tag, Series):
        shelves = gathering._default_manager.filter(cover=pk).values_list("pk", flat=True)
        keys |= {f"{gathering._meta.model_name}:{shelf}" for shelf in shelves}
    if keys:
        with stamping():
            touch("lists", *keys)


def _rerender(batch: list[Post]) -> tuple[tuple[int, str], ...]:
    rendered, refused = [], []
    for post in batch:
        try:
            columns = _derived(post)
        except Refused as refusal:
            refused.append((post.pk, str(refusal)))
            continue
        if any(getattr(post, name) != value for name, value in columns.items()):
            rendered.append((post, columns | {"touched_at": timezone.now()}))
    if not rendered:
        return tuple(refused)
    with stamping():
        for post, columns in rendered:
            unchanged = {name: getattr(post, name) for name in SOURCE_FIELDS}
            Post.objects.filter(pk=post.pk, **unchanged).update(**columns)
        index_posts([post.pk for post, _columns in rendered])
        touch("lists", *(f"post:{post.pk}" for post, _columns in rendered))
    return tuple(refused)


def _derived(post: Post) -> dict[str, Any]:
    fresh = Post(**{name: getattr(post, name) for name in SOURCE_FIELDS})
    fresh.derive()
    return {name: getattr(fresh, name) for name in DERIVED_FIELDS}


def rerender_short_texts() -> tuple[int, tuple[str, ...]]:
    """About people and the footer: how many changed; who keeps the HTML there is, and why."""
    changed, refused = 0, []
    for row, sources, made, stamp in _short_texts():
        before = getattr(row, made)
        try:
            row.derive()
        except Refused as refusal:
            refused.append(f"{row}: {refusal}")
            continue
        if getattr(row, made) != before:
            unchanged = {name: getattr(row, name) for name in sources}
            with stamping():
                same = type(row)._default_manager.filter(pk=row.pk, **unchanged)
                changed += same.update(**{made: getattr(row, made)})
                touch(stamp)
    return changed, tuple(refused)


def _short_texts() -> Iterator[tuple[User | SiteSettings, tuple[str, ...], str, str]]:
    for person in User.objects.exclude(bio="").order_by("pk"):
        yield person, ("bio",), "bio_html", f"author:{person.pk}"
    for site in SiteSettings.objects.exclude(footer_text=""):
        yield site, ("footer_text", "language"), "footer_html", "site"
