"""All posts, newest first: the front page, and the archive by year and month."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from blogsite.pagecache import counted_as, depends_on, public_page
from blogsite.site.models import SiteSettings
from posts.entries import entry
from posts.listing import STAR, Listing, any_within, ends, listing
from posts.models import Post
from posts.structured import of_blog

#: Rows of one line: more of them fit on a page than of posts with their summaries.
ROWS = 50
#: The links to years go back so far; what is older is reached page by page.
MOST_YEARS = 60


@public_page("site", "lists", query=("before",))
def home(request: HttpRequest) -> HttpResponse:
    now, site = timezone.now(), SiteSettings.current()
    counted_as(request, "home")
    featured = next((entry(row) for row in STAR.ask(now=now)), None)
    key = featured.pk if featured else 0
    page = listing(request, "others", site.posts_per_page, now, key=key)
    if page.newer_url:
        return render(request, "posts/home.html", {"page": page})
    depends_on(request, *(featured.names if featured else ()))
    context: dict[str, Any] = {"page": page, "featured": featured}
    context["structured"] = of_blog(request, site)
    lead = featured or next(iter(page.entries), None)
    if site.home_layout == "magazine" and lead and not (lead.cover or lead.for_members):
        context["opening"] = Post.objects.values_list("body_html", flat=True).get(pk=lead.pk)
    return render(request, "posts/home.html", context)


@public_page("site", "lists", query=("before",))
def archive(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = listing(request, "all", ROWS, now)
    oldest, newest = (end and timezone.localtime(end) for end in ends(now))
    years: list[int] = []
    if oldest and newest:
        years = [*range(max(oldest.year, newest.year - MOST_YEARS), newest.year + 1)]
    bounds = [_moment(year) for year in [*years, years[-1] + 1]] if years else []
    there = zip(years, any_within(bounds, now), strict=True)
    context = {
        "page": page,
        "since": oldest and date_format(oldest, "YEAR_MONTH_FORMAT"),
        "spans": [(year, _address(year)) for year, any_post in there if any_post][::-1],
        "groups": _groups(page, by_month=False),
    }
    return render(request, "posts/archive.html", context)


@public_page("site", "lists", query=("before",))
def year(request: HttpRequest, year: str) -> HttpResponse:
    now = timezone.now()
    bounds = [_moment(int(year), month) for month in range(1, 14)]
    page = _within(request, now, bounds[0], bounds[-1])
    there = zip(bounds, any_within(bounds, now), strict=False)
    months = [(_month(one), _address(one.year, one.month)) for one, any_post in there if any_post]
    context = {"page": page, "heading": year, "spans": months, "groups": _groups(page)}
    return render(request, "posts/archive.html", context)


@public_page("site", "lists", query=("before",))
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    begins, ends = _moment(int(year), int(month)), _moment(int(year), int(month) + 1)
    page = _within(request, timezone.now(), begins, ends)
    heading = date_format(begins, "YEAR_MONTH_FORMAT")
    context = {"page": page, "heading": heading, "year": year, "year_url": _address(int(year))}
    return render(request, "posts/archive.html", context | {"groups": [("", "", page.entries)]})


def _within(request: HttpRequest, now: datetime, since: datetime, until: datetime) -> Listing:
    page = listing(request, "time", ROWS, now, since=since, before=until)
    if not page.entries:
        raise Http404
    return page


def _moment(year: int, month: int = 1) -> datetime:
    """When the month begins where the site is; the thirteenth is the next January."""
    year, month = (year + 1, 1) if month == 13 else (year, month)
    return datetime(year, month, 1, tzinfo=timezone.get_current_timezone())


def _address(year: int, month: int | None = None) -> str:
    if month is None:
        return reverse("posts:year", args=[year])
    return reverse("posts:month", args=[year, f"{month:02}"])


def _month(day: datetime) -> str:
    return date_format(day, "F")


def _groups(page: Listing, *, by_month: bool = True) -> list[tuple[Any, str, list[Any]]]:
    """The entries under headings: label, address, entries."""

    def span(one: Any) -> tuple[int, int]:
        day = timezone.localtime(one.published_at)
        return day.year, day.month if by_month else 0

    groups = []
    for (year, month), entries in groupby(page.entries, span):
        label = _month(_moment(year, month)) if month else year
        groups.append((label, _address(year, month or None), list(entries)))
    return groups
