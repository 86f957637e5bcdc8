"""Topics, series and people as readers meet them: those with something public, and how much."""

from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from posts.models import Authorship, Post, Series, Tag
from posts.prepared import Prepared
from posts.querysets import PART
from posts.sql import CountUpTo

MODELS = {"tag": Tag, "series": Series, "author": User}
#: Counted exactly as far as this; from here on a list goes through all posts, newest first.
MANY = 1_000
#: The same on pages that count for each of their rows.
ON_AN_INDEX = 100


def _of(kind: str, key: Any, now: datetime) -> list[QuerySet[Any]]:
    """The keys of the public posts of this topic, series or person."""
    if kind == "tag":
        links = Post.tags.through._default_manager.filter(tag_id=key)
        return [_public(links, "post_id", now)]
    if kind == "series":
        return [_public(Post.objects.filter(series_id=key), "pk", now)]
    return [
        Post.objects.listed(now).order_by().filter(author_id=key).values("pk"),
        _public(Authorship.objects.filter(user_id=key), "post_id", now),
    ]


def _public(rows: QuerySet[Any], post: str, now: datetime) -> QuerySet[Any]:
    listed = Post.objects.listed(now).order_by().filter(pk=OuterRef(post))
    return rows.order_by().filter(Exists(listed)).values("pk")


def _count(kind: str, now: datetime, key: int) -> QuerySet[Any]:
    counts = [CountUpTo(rows[: MANY + 1]) for rows in _of(kind, key, now)]
    return Post.objects.order_by().values_list(reduce(add, counts), flat=True)[:1]


def _some(kind: str, size: int, now: datetime, after: str) -> QuerySet[Any]:
    """Those with public posts; counted are they only where that costs no look at all posts."""
    rows = MODELS[kind]._default_manager.filter(slug__gt=after).order_by("slug")
    if kind == "author":
        writers = Post.objects.listed(now).order_by().values("author_id")
        others = _public(Authorship.objects.all(), "post_id", now).values("user_id")
        rows = rows.filter(Q(pk__in=writers) | Q(pk__in=others))
        return rows.values("pk", "slug", "name", "display_name", "bio_html")[: size + 1]
    count = CountUpTo(_of(kind, OuterRef("pk"), now)[0][: ON_AN_INDEX + 1])
    rows = rows.annotate(count=count).filter(count__gt=0)
    return rows.values("pk", "slug", "name", "description", "count")[: size + 1]


def _parts(size: int, now: datetime, series: int, part: int, pk: int) -> QuerySet[Any]:
    """The parts after this one, in their order; those without a number come last."""
    rows = Post.objects.listed_among(now, series_id=series).annotate(part=PART)
    after = rows.filter(Q(part__gt=part) | Q(part=part, pk__gt=pk))
    return after.order_by("part", "pk").for_entries(now).annotate(number=F("part"))[: size + 1]


COUNT, SOME, PARTS = Prepared(_count), Prepared(_some), Prepared(_parts)


def public_row(kind: str, slug: str, now: datetime) -> Any:
    """The row of this address with the `count` of its public posts; without any it is nobody's."""
    rows = MODELS[kind]._default_manager.filter(slug=slug)
    found: Any = rows.select_related(*([] if kind == "author" else ["cover"])).first()
    if found is None:
        return None
    found.count = next(iter(COUNT.ask(kind, now=now, key=found.pk)), 0)
    return found if found.count else None
