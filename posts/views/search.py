"""Searching: a page that is never kept, as nobody can say what will be asked."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from blogsite import limits
from blogsite.lib.client import client_address
from blogsite.pagecache import public_page
from blogsite.prepared import Prepared
from blogsite.site import errors
from blogsite.site.models import SiteSettings
from posts.entries import Entry, entry
from posts.models import Post, Tag
from posts.numbers import number
from posts.search import Found, read, search
from posts.search.documents import plain
from posts.search.excerpt import excerpt
from posts.search.query import LONGEST

ON_A_PAGE, MOST_TOPICS = 10, 20
#: Of one client; more than anybody types.
SEARCHES, SECONDS = 60, 60


def _entries(number: int, now: datetime, **pks: int) -> Any:
    return Post.objects.met(now).filter(pk__in=pks.values()).for_entries(now)


ENTRIES = Prepared(_entries)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    typed = " ".join(request.GET.get("q", "").split())[:LONGEST]
    topic, year = request.GET.get("topic", "")[:80], request.GET.get("year", "")[:4]
    narrowed = f'tag:"{topic}" ' * bool(topic) + f"year:{year}" * bool(year)
    also = read(narrowed, "")
    if (typed or also) and asks_too_often(request):
        return errors.too_many(request, retry_after=SECONDS)
    now, is_newest_first = timezone.now(), request.GET.get("order") == "newest"
    found = search(typed, visible=Post.objects.met(now), also=also)
    hits = found.hits
    if is_newest_first:
        hits = sorted(hits, key=lambda hit: (hit.published_at, hit.pk), reverse=True)
    at = _page(request, len(hits))
    shown = hits[(at - 1) * ON_A_PAGE : at * ON_A_PAGE]
    context = {
        "typed": typed,
        "asks": bool(typed or also),
        "found": found,
        "count": len(hits),
        "results": _results([hit.pk for hit in shown], found, now),
        "newer_url": _address(request, at - 1) if at > 1 else None,
        "older_url": _address(request, at + 1) if len(hits) > at * ON_A_PAGE else None,
        "meant_url": _address(request, 1, q=found.meant),
        "topic": topic,
        "year": year,
        "is_newest_first": is_newest_first,
        **_narrowing(found),
    }
    response = render(request, "posts/search.html", context)
    if context["asks"]:
        response["X-Robots-Tag"] = "noindex"
    return response


def asks_too_often(request: HttpRequest) -> bool:
    """Where nobody can count, people go on searching."""
    client = client_address(request.META, settings.TRUSTED_PROXY_COUNT)
    try:
        return not limits.hit(f"search:{client}", limit=SEARCHES, seconds=SECONDS)
    except limits.Unavailable:
        return False


def _page(request: HttpRequest, count: int) -> int:
    at = number(request.GET.get("page", "1"))
    if not at or (at - 1) * ON_A_PAGE >= max(count, 1):
        raise Http404
    return at


def _address(request: HttpRequest, page: int, **other: str) -> str:
    names = ("q", "topic", "year", "order")
    asked = {name: request.GET[name][:LONGEST] for name in names if request.GET.get(name)} | other
    return f"?{urlencode(asked | ({'page': page} if page > 1 else {}))}"


def _results(pks: list[int], found: Found, now: datetime) -> list[tuple[Entry, Any]]:
    """In their order, each with the place where the words stand; of what only members may read
    that is in its summary."""
    if not pks:
        return []
    rows = ENTRIES.ask(len(pks), now=now, **{f"pk{n}": pk for n, pk in enumerate(pks)})
    entries: dict[int, Entry] = {row["pk"]: entry(row) for row in rows}
    open_to_all = [pk for pk, one in entries.items() if not one.for_members]
    texts = dict(Post.objects.filter(pk__in=open_to_all).values_list("pk", "body_html"))
    language = SiteSettings.current().language

    def place(one: Entry) -> Any:
        text = f"{one.dek} {plain(texts[one.pk])}" if one.pk in texts else one.summary
        return excerpt(text, found.wanted, language) or one.summary

    return [(entries[pk], place(entries[pk])) for pk in pks if pk in entries]


def _narrowing(found: Found) -> dict[str, Any]:
    """Under which topics and in which years the hits are."""
    pks = [hit.pk for hit in found.hits]
    topics = Tag.objects.filter(posts__in=pks).annotate(count=Count("posts"))
    moments = (timezone.localtime(hit.published_at) for hit in found.hits if hit.published_at)
    return {
        "topics": topics.order_by("-count", "name")[:MOST_TOPICS] if pks else [],
        "years": sorted({moment.year for moment in moments}, reverse=True),
    }


@public_page("site")
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser may search here from its own address bar."""
    kind = "application/opensearchdescription+xml"
    return render(request, "posts/opensearch.xml", content_type=kind)
