"""What feed readers fetch: everything, a topic, a series or a person, as RSS, Atom or JSON Feed."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_OID, uuid5

from django.db.models import DateTimeField, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import rfc2822_date, rfc3339_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blogsite.lib import markdown
from blogsite.media.models import Image
from blogsite.pagecache import counted_as, depends_on, public_page
from blogsite.site import errors
from blogsite.site.models import SiteSettings
from posts.gathered import public_row
from posts.listing import KINDS, place_asked
from posts.models import Post
from posts.querysets import PostQuerySet, soonest
from posts.search import search
from posts.search.query import LONGEST
from posts.slugs import address
from posts.views.gatherings import moved_to
from posts.views.search import SECONDS, asks_too_often

SIZE = 20
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
#: Opened by a person, these show as a page: browsers save what is called application/rss+xml.
XML = "application/xml; charset=utf-8"
TEMPLATES = {"feed.xml": "posts/feeds/rss.xml", "atom.xml": "posts/feeds/atom.xml"}
Posts = Callable[..., PostQuerySet]
#: What XML cannot carry, even written as a number.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@public_page("site", "lists", query=("before",))
def feed(request: HttpRequest, form: str) -> HttpResponse:
    site = SiteSettings.current()
    about, home = site.description or site.tagline, reverse("posts:home")
    return _feed(request, form, KINDS["all"], site.title, about, home)


@public_page("site", "lists", query=("before",))
def gathered_feed(request: HttpRequest, kind: str, slug: str, form: str) -> HttpResponse:
    found = public_row(kind, slug, timezone.now())
    if found is None:
        return moved_to(request, kind, slug, form)
    depends_on(request, f"{kind}:{found.pk}")
    posts = partial(KINDS[found.kind], key=found.pk)
    title, about = f"{found} · {SiteSettings.current().title}", getattr(found, "description", "")
    return _feed(request, form, posts, title, about, address(f"posts:{kind}", found.slug))


@require_safe
def search_feed(request: HttpRequest, form: str) -> HttpResponse:
    """What is found, newest first; asked anew every time, as nobody can say what will be asked."""
    typed = " ".join(request.GET.get("q", "").split())[:LONGEST]
    if not typed:
        raise Http404
    if asks_too_often(request):
        return errors.too_many(request, retry_after=SECONDS)
    found = search(typed, visible=Post.objects.listed())
    # What is found for another word is nothing that anybody follows.
    pks = [] if found.meant else [hit.pk for hit in found.hits]
    title = _("“%(typed)s” in %(title)s") % {"typed": typed, "title": SiteSettings.current().title}
    page = f"{reverse('posts:search')}?{urlencode({'q': typed})}"
    response = _feed(request, form, partial(_of_keys, keys=pks), title, "", page)
    response["X-Robots-Tag"] = "noindex"
    return response


def _of_keys(now: datetime, until: Any, keys: list[int]) -> PostQuerySet:
    return Post.objects.listed(now, until).filter(pk__in=keys)


# -- one feed --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    id: str
    url: str
    title: str
    summary: str
    content: str
    published_at: datetime
    updated_at: datetime
    authors: list[tuple[str, str]]
    tags: list[str]
    cover: Image | None
    cover_url: str
    language: str

    @property
    def published(self) -> str:
        return rfc3339_date(self.published_at)

    @property
    def updated(self) -> str:
        return rfc3339_date(self.updated_at)

    @property
    def published_in_rss(self) -> str:
        return rfc2822_date(self.published_at)


def _feed(
    request: HttpRequest, form: str, posts: Posts, title: str, about: str, page: str
) -> HttpResponse:
    now, before = timezone.now(), request.GET.get("before", "")
    counted_as(request, "feed")
    rows = list(_asked(request, posts, now)[: SIZE + 1])
    if not rows and before:
        raise Http404
    names = {f"author:{person.pk}" for row in rows for person in row.byline}
    names |= {f"tag:{tag.pk}" for row in rows for tag in row.tags.all()}
    until = soonest(vars(rows[0])) if rows else Post.objects.next_change(now)
    depends_on(request, *names, until=until)
    items = [_item(request, row) for row in rows[:SIZE]]
    newest = max((item.updated_at for item in items), default=LONG_AGO)
    context: dict[str, Any] = {
        "title": title,
        "about": about or _("New posts of %(title)s") % {"title": title},
        "home": request.build_absolute_uri(page),
        "first": _address(request, ""),
        "self": _address(request, before),
        "next": _address(request, str(rows[SIZE - 1].place)) if len(rows) > SIZE else "",
        "updated": rfc3339_date(newest),
        "items": items,
    }
    if form == "feed.json":
        return _json(context)
    written = render_to_string(TEMPLATES[form], context, request)
    return HttpResponse(UNSPEAKABLE.sub("", written), content_type=XML)


def _address(request: HttpRequest, before: str) -> str:
    """Of this feed, or of a later page of it."""
    asked = {"q": request.GET.get("q", ""), "before": before}
    query = urlencode({name: value for name, value in asked.items() if value})
    return request.build_absolute_uri(f"{request.path}?{query}" if query else request.path)


def _asked(request: HttpRequest, posts: Posts, now: datetime) -> PostQuerySet:
    place = place_asked(request)
    rows = posts(now, Value(place.published_at, DateTimeField()) if place else None)
    if place:
        rows = rows.older_than(place.published_at, place.pk)
    rows = rows.with_next_change(now).select_related("cover")
    return rows.with_byline().prefetch_related("tags").defer("body", "toc")


def _item(request: HttpRequest, post: Post) -> Item:
    url = request.build_absolute_uri(post.get_absolute_url())
    is_whole = post.visibility != Post.Visibility.MEMBERS and not post.shows_machines_a_summary
    return Item(
        # The same whatever becomes of address, host and title: nobody meets a post twice.
        id=uuid5(NAMESPACE_OID, f"post {post.pk} of {post.created_at.isoformat()}").urn,
        url=url,
        title=post.title or _("Untitled"),
        summary=post.dek or post.excerpt,
        content=markdown.absolute(post.body_html, url) if is_whole else "",
        published_at=post.published_at,  # type: ignore[arg-type]
        updated_at=post.edited_at or post.published_at,  # type: ignore[arg-type]
        authors=[
            (str(person), request.build_absolute_uri(address("posts:author", person.slug)))
            for person in post.byline
        ],
        tags=[tag.name for tag in post.tags.all()],
        cover=post.cover,
        cover_url=request.build_absolute_uri(post.cover.url) if post.cover else "",
        language=post.language,
    )


def _json(feed: dict[str, Any]) -> HttpResponse:
    """https://www.jsonfeed.org/version/1.1/"""
    written = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed["title"],
        "home_page_url": feed["home"],
        "feed_url": feed["first"],
        "description": feed["about"],
        "language": SiteSettings.current().language,
        "items": [_json_item(item) for item in feed["items"]],
    }
    if feed["next"]:
        written["next_url"] = feed["next"]
    text = json.dumps(written, ensure_ascii=False)
    return HttpResponse(text, content_type="application/feed+json; charset=utf-8")


def _json_item(item: Item) -> dict[str, Any]:
    written = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "date_published": item.published,
        "date_modified": item.updated,
        "authors": [{"name": name, "url": url} for name, url in item.authors],
        "tags": item.tags,
        **({"content_html": item.content} if item.content else {"content_text": item.summary}),
    }
    if item.cover:
        written["image"] = item.cover_url
    if item.language:
        written["language"] = item.language
    return written
