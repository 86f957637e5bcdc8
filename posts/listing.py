"""One page of a list: the newest posts of some kind, or those after a place in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, Q, Subquery, Value
from django.http import Http404, HttpRequest

from blogsite.pagecache import depends_on
from blogsite.prepared import Prepared
from posts.entries import Entry, entry
from posts.models import Authorship, Post
from posts.paging import Place
from posts.querysets import PostQuerySet, soonest


def _tagged(now: datetime, until: Any, key: int) -> PostQuerySet:
    return Post.objects.listed_among(now, until, pk__in=_tagging(key).values("post_id"))


def _of_a_large_tag(now: datetime, until: Any, key: int) -> PostQuerySet:
    """Where so many are gathered, the newest are found sooner by going through all posts from
    the newest on than by putting these in order."""
    return Post.objects.listed(now, until).filter(
        Exists(_tagging(key).filter(post_id=OuterRef("pk")))
    )


def _written(now: datetime, until: Any, key: int) -> PostQuerySet:
    own = Post.objects.filter(author=key).order_by().values("pk")
    together = Authorship.objects.filter(user=key).order_by().values("post")
    return Post.objects.listed_among(now, until).filter(Q(pk__in=own) | Q(pk__in=together))


def _of_a_busy_author(now: datetime, until: Any, key: int) -> PostQuerySet:
    together = Authorship.objects.filter(user=key, post=OuterRef("pk"))
    return Post.objects.listed(now, until).filter(Q(author=key) | Exists(together))


def _in_series(now: datetime, until: Any, key: int) -> PostQuerySet:
    return Post.objects.listed(now, until).filter(series=key)


def _within(now: datetime, until: Any, since: datetime, before: datetime) -> PostQuerySet:
    if until is None:
        until = Value(before, DateTimeField())
    return Post.objects.listed(now, until).within(since, before)


def _tagging(key: int) -> Any:
    return Post.tags.through._default_manager.filter(tag_id=key)


KINDS: dict[str, Callable[..., PostQuerySet]] = {
    "all": lambda now, until: Post.objects.listed(now, until),
    #: The front page, where one may stand on top.
    "others": lambda now, until, key: Post.objects.listed(now, until).exclude(pk=key),
    "tag": _tagged,
    "large tag": _of_a_large_tag,
    "series": _in_series,
    "large series": _in_series,
    "author": _written,
    "large author": _of_a_busy_author,
    "time": _within,
}


def _first(kind: str, size: int, now: datetime, **which: Any) -> PostQuerySet:
    return KINDS[kind](now, None, **which).first_page(size, now)


def _after(kind: str, size: int, now: datetime, at: datetime, pk: int, **which: Any) -> Any:
    among = KINDS[kind](now, None, **which)
    until = Value(at, DateTimeField())
    return KINDS[kind](now, until, **which).page_after(Place(at, pk), size, now, among)


#: The post that stands on top, wherever it is among the others.
STAR = Prepared(lambda now: Post.objects.featured(now).first_page(0, now))
FIRST, AFTER = Prepared(_first), Prepared(_after)


@dataclass
class Listing:
    entries: list[Entry]
    #: What follows the path in the addresses of the neighbours; the first page has nothing there.
    older_url: str | None = None
    newer_url: str | None = None


def listing(request: HttpRequest, kind: str, size: int, now: datetime, **which: Any) -> Listing:
    """The page that the address asks for; it depends on what its entries name. Raises Http404
    beyond the end."""
    place = place_asked(request)
    if place:
        rows = AFTER.ask(kind, size, now=now, at=place.published_at, pk=place.pk, **which)
        if not rows:
            raise Http404
    else:
        rows = FIRST.ask(kind, size, now=now, **which)
    entries = [entry(row) for row in rows]
    until = soonest(rows[0]) if rows else Post.objects.next_change(now)
    depends_on(request, *frozenset().union(*(one.names for one in entries)), until=until)
    page = Listing(entries[:size])
    if len(entries) > size:
        page.older_url = f"?before={entries[size - 1].place}"
    if place:
        newer = rows[0]["newer_at"], rows[0]["newer_id"]
        page.newer_url = f"?before={Place(*newer)}" if all(newer) else request.path
    return page


def place_asked(request: HttpRequest) -> Place | None:
    """After which post the page begins; None for the first page."""
    before = request.GET.get("before")
    try:
        return Place.read(before) if before else None
    except (ValueError, OverflowError):
        raise Http404 from None


def _ends(now: datetime) -> Any:
    listed = Post.objects.listed(now).values("published_at")
    oldest = Subquery(listed.order_by("published_at")[:1])
    return Post.objects.order_by().values_list(oldest, Subquery(listed[:1]))[:1]


def _any_within(count: int, now: datetime, **bounds: datetime) -> Any:
    spans = [(bounds[f"b{n}"], bounds[f"b{n + 1}"]) for n in range(count)]
    found = (Exists(_within(now, None, *span).order_by()) for span in spans)
    return Post.objects.order_by().values_list(*found)[:1]


ENDS, ANY_WITHIN = Prepared(_ends), Prepared(_any_within)


def ends(now: datetime) -> tuple[datetime | None, datetime | None]:
    """When the oldest post came out, and the newest."""
    found = ENDS.ask(now=now)
    return found[0] if found else (None, None)


def any_within(bounds: list[datetime], now: datetime) -> list[bool]:
    """Whether there are posts between each of these moments and the next."""
    if not bounds:
        return []
    named = {f"b{n}": bound for n, bound in enumerate(bounds)}
    found = ANY_WITHIN.ask(len(bounds) - 1, now=now, **named)
    return list(found[0])
