"""Topics, series and people as readers meet them: those with something public, and how much."""

from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from blogsite.prepared import Prepared
from posts.models import Authorship, FormerTag, Post, Redirect, Series, Tag
from posts.querysets import PART
from posts.sql import CountUpTo

MODELS = {"tag": Tag, "series": Series, "author": User}
#: What may be read is counted exactly as far as this: each has to be looked at.
COUNTED = 100
#: With more posts than this, hidden ones among them, a list goes through all of the blog's, newest
#: first.
MANY = 1_000


def _of(kind: str, key: Any) -> list[tuple[QuerySet[Any], str]]:
    """The rows that lead to the posts of this topic, series or person, and where the post is."""
    if kind == "tag":
        return [(Post.tags.through._default_manager.filter(tag_id=key).order_by(), "post_id")]
    if kind == "series":
        return [(Post.objects.filter(series_id=key).order_by(), "pk")]
    together = Authorship.objects.filter(user_id=key).order_by()
    return [(Post.objects.filter(author_id=key).order_by(), "pk"), (together, "post_id")]


def _public(rows: QuerySet[Any], post: str, now: datetime) -> QuerySet[Any]:
    listed = Post.objects.listed(now).order_by().filter(pk=OuterRef(post))
    return rows.order_by().filter(Exists(listed)).values("pk")


def _count(kind: str, now: datetime, key: int) -> QuerySet[Any]:
    """How many can be read, and how many there are."""
    of = _of(kind, key)
    public = [CountUpTo(_public(*part, now)[: COUNTED + 1]) for part in of]
    all_ = [CountUpTo(rows.values("pk")[: MANY + 1]) for rows, _post in of]
    return Post.objects.order_by().values_list(reduce(add, public), reduce(add, all_))[:1]


def _some(kind: str, size: int, now: datetime, after: str) -> QuerySet[Any]:
    """Those with public posts; counted are they only where that costs no look at all posts."""
    rows = MODELS[kind]._default_manager.filter(slug__gt=after).order_by("slug")
    if kind == "author":
        writers = Post.objects.listed(now).order_by().values("author_id")
        others = _public(Authorship.objects.all(), "post_id", now).values("user_id")
        rows = rows.filter(Q(pk__in=writers) | Q(pk__in=others))
        return rows.values("pk", "slug", "name", "display_name", "bio_html")[: size + 1]
    [part] = _of(kind, OuterRef("pk"))
    count = CountUpTo(_public(*part, now)[: COUNTED + 1])
    rows = rows.annotate(count=count).filter(count__gt=0)
    return rows.values("pk", "slug", "name", "description", "count")[: size + 1]


def _parts(size: int, now: datetime, series: int, part: int, pk: int) -> QuerySet[Any]:
    """The parts after this one, in their order; those without a number come last."""
    rows = Post.objects.listed_among(now, series_id=series).annotate(part=PART)
    after = rows.filter(Q(part__gt=part) | Q(part=part, pk__gt=pk))
    return after.order_by("part", "pk").for_entries(now).annotate(number=F("part"))[: size + 1]


COUNT, SOME, PARTS = Prepared(_count), Prepared(_some), Prepared(_parts)


def public_row(kind: str, slug: str, now: datetime) -> Any:
    """The row of this address with the `count` of its public posts, and their `kind` of list;
    without any it is nobody's."""
    rows = MODELS[kind]._default_manager.filter(slug=slug)
    found: Any = rows.select_related(*([] if kind == "author" else ["cover"])).first()
    if found is None:
        return None
    public, among = next(iter(COUNT.ask(kind, now=now, key=found.pk)), (0, 0))
    found.count, found.more = min(public, COUNTED), public > COUNTED
    found.kind = f"large {kind}" if among > MANY else kind
    return found if public else None


def present_row(kind: str, slug: str, now: datetime) -> Any:
    """The same of what once had this address, and was merged or renamed."""
    if kind == "tag":
        found = FormerTag.objects.filter(slug=slug).values_list("tag__slug").first()
    else:
        found = Redirect.objects.filter(path=path_of(kind, slug)).values_list("target").first()
    return public_row(kind, found[0].strip("/").rpartition("/")[2], now) if found else None


def path_of(kind: str, slug: str) -> str:
    """As redirects write it."""
    return f"/{'authors' if kind == 'author' else kind}/{slug}"
