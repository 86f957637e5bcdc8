"""What the page of one post needs to know, for readers and for previews."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from blogsite.lib.markdown import is_simple
from blogsite.prepared import Prepared
from blogsite.site.models import SiteSettings
from posts.entries import links_to, person_context
from posts.models import Post
from posts.querysets import LAST_PART, PostQuerySet

#: So many parts of a series stand in the box, before and after the present one.
PARTS_AROUND = 8
MOST_RELATED = 3


def _links(number: int, now: datetime, **pks: int) -> PostQuerySet:
    return Post.objects.listed_among(now).order_by().for_links(pks.values())


def _parts(now: datetime, series: int, first: int, last: int) -> PostQuerySet:
    return Post.objects.parts_of(series, first, last, now)[: 2 * PARTS_AROUND + 1]


LINKS, PARTS = Prepared(_links), Prepared(_parts)


def page_context(post: Post) -> dict[str, Any]:
    """For a post that came by `PostQuerySet.for_page`."""
    now = timezone.now()
    is_listed = post.kind == Post.Kind.POST and post.visibility == Post.Visibility.PUBLIC
    beside = [post.older_id, post.newer_id] if post.kind == Post.Kind.POST else [None, None]
    related = (post.related or []) if is_listed else []
    around = _found([pk for pk in (*beside, *related) if pk], now)
    previous, following = (around.get(pk) for pk in beside)
    kin = [around[pk] for pk in related if pk in around and pk not in beside][:MOST_RELATED]
    parts = _parts_around(post, now) if post.series_id else []
    people = [person_context(person) for person in post.byline]
    return {
        "post": post,
        # Of a post that stands in no list, the pages of its people and topics may not exist.
        "is_listed": is_listed,
        "toc": [{"level": level, "id": ident, "title": title} for level, ident, title in post.toc],
        "is_simple": is_simple(post.body_html)
        and is_simple(SiteSettings.current().footer_html)
        and all(is_simple(person.bio_html) for person in post.byline),
        "people": people,
        "byline": links_to((person["url"], person["name"]) for person in people),
        "series_posts": parts,
        # Parts that are not out yet count: never "part 5 of 2".
        "series_total": max(parts[0].total if parts else 0, post.series_position or 0),
        "previous": previous,
        "next": following,
        "related": kin,
        "around": [other for other in (previous, following, *kin) if other],
    }


def _found(pks: list[int], now: datetime) -> dict[int | None, Post]:
    if not pks:
        return {}
    named = {f"pk{n}": pk for n, pk in enumerate(pks)}
    return {other.pk: other for other in LINKS.ask(len(pks), now=now, **named)}


def _parts_around(post: Post, now: datetime) -> list[Any]:
    here = post.series_position
    first, last = (here - PARTS_AROUND, here + PARTS_AROUND) if here else (0, LAST_PART)
    return PARTS.ask(now=now, series=post.series_id, first=first, last=last)
