"""What posts are gathered under: topics, series and people, one of them and all of them."""

import re
from html import unescape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blogsite.pagecache import depends_on, public_page
from blogsite.site.models import SiteSettings
from posts.entries import entry, person_context
from posts.gathered import COUNTED, PARTS, SOME, present_row, public_row
from posts.listing import listing
from posts.models import Post
from posts.querysets import soonest
from posts.slugs import address
from posts.structured import of_person
from posts.views.missing import moved

ON_A_PAGE = 100
TITLES = {"tag": _("Topics"), "series": pgettext_lazy("many", "Series"), "author": _("Authors")}
LONGEST_ABOUT = 200
PART = re.compile(r"(\d{1,7})-(\d{1,18})", re.ASCII)


def _counted(found: Any) -> dict[str, Any]:
    return {"gathering": found, "count": found.count, "more": found.more}


@public_page("site", "lists", query=("before",))
def posts_of(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Of a topic, or of an author."""
    now, site = timezone.now(), SiteSettings.current()
    found = public_row(kind, slug, now)
    if found is None:
        return moved_to(request, kind, slug)
    depends_on(request, f"{kind}:{found.pk}")
    page = listing(request, found.kind, site.posts_per_page, now, key=found.pk)
    context = _counted(found) | {"page": page, "from_start": not page.newer_url}
    if kind == "author":
        person = person_context(found)
        context |= {"person": person, "about": _about(person)}
        context["structured"] = of_person(request, person, site)
    return render(request, f"posts/{kind}.html", context)


@public_page("site", "lists", query=("after",))
def series(request: HttpRequest, slug: str) -> HttpResponse:
    now, (part, pk) = timezone.now(), _part(request)
    found = public_row("series", slug, now)
    if found is None:
        return moved_to(request, "series", slug)
    rows = PARTS.ask(ON_A_PAGE, now=now, series=found.pk, part=part, pk=pk)
    if not rows:
        raise Http404
    parts = [(row["series_position"], entry(row)) for row in rows]
    names = frozenset().union(*(one.names for _number, one in parts))
    depends_on(request, f"series:{found.pk}", *names, until=soonest(rows[0]))
    more = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    context = _counted(found) | {
        "parts": parts[:ON_A_PAGE],
        "more_url": more and f"?after={more['number']}-{more['pk']}",
        "from_start": pk < 0,
    }
    return render(request, "posts/series.html", context)


def _part(request: HttpRequest) -> tuple[int, int]:
    """After which part the page begins."""
    after = request.GET.get("after")
    if not after:
        return -1, -1
    found = PART.fullmatch(after)
    if found is None:
        raise Http404
    return int(found[1]), int(found[2])


def moved_to(request: HttpRequest, kind: str, slug: str, *form: str) -> HttpResponse:
    """What was merged or renamed has its page elsewhere, and its feeds (`form`), if anybody may
    know of one of its posts."""
    found = present_row(kind, slug, timezone.now())
    if found is None:
        raise Http404
    name = f"posts:{kind}_feed" if form else f"posts:{kind}"
    query = request.META.get("QUERY_STRING", "")
    return moved(request, reverse(name, args=[found.slug, *form]) + (f"?{query}" if query else ""))


@public_page("site", "lists", query=("after",))
def shelf(request: HttpRequest, kind: str) -> HttpResponse:
    """In the order of their addresses, which is nearly that of their names."""
    now, after = timezone.now(), request.GET.get("after", "")
    rows = SOME.ask(kind, ON_A_PAGE, now=now, after=after)
    if after and not rows:
        raise Http404
    depends_on(
        request, *(f"{kind}:{row['pk']}" for row in rows), until=Post.objects.next_change(now)
    )
    shown = [
        row
        | {
            "url": address(f"posts:{kind}", row["slug"]),
            "title": row.get("display_name") or row["name"],
            "about": _about(row),
            "count": min(row.get("count", 0), COUNTED),
            "more": row.get("count", 0) > COUNTED,
        }
        for row in rows[:ON_A_PAGE]
    ]
    more_url = f"?after={iri_to_uri(shown[-1]['slug'])}" if len(rows) > ON_A_PAGE else None
    context = {
        "heading": TITLES[kind],
        "rows": shown,
        "more_url": more_url,
        "from_start": not after,
    }
    return render(request, "posts/gatherings.html", context)


def _about(row: dict[str, Any]) -> str:
    words = row.get("description") or unescape(strip_tags(row.get("bio_html", "")))
    return Truncator(" ".join(words.split())).chars(LONGEST_ABOUT)
