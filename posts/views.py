"""The reader's pages. They show what an anonymous visitor may see, to everybody alike."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from blogsite.pagecache import depends_on, is_for_everybody, personal_page, public_page
from blogsite.site.models import SiteSettings
from posts.context import page_context
from posts.models import Post
from posts.paging import Place
from posts.querysets import PostQuerySet, soonest
from posts.services.addresses import may_be_old, new_address
from posts.services.dead_addresses import note_dead_address

logger = logging.getLogger(__name__)


@public_page("site", "lists", query=("before",))
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    size = SiteSettings.current().posts_per_page
    before = request.GET.get("before")
    rows = list(_older_page(before, size, now) if before else Post.objects.front_page(size, now))
    if before and not rows:
        raise Http404
    depends_on(request, *_names_on(rows), until=_next_change(rows, now))
    featured = None if before else next((row for row in rows if row.is_featured_at(now)), None)
    posts = [row for row in rows if row is not featured]
    context = {
        "posts": posts[:size],
        "featured": featured,
        "older_url": f"?before={posts[size - 1].place}" if len(posts) > size else None,
        "newer_url": _newer_url(rows[0]) if before else None,
    }
    return render(request, "posts/home.html", context)


def _older_page(before: str, size: int, now: datetime) -> PostQuerySet:
    try:
        return Post.objects.page_after(Place.read(before), size, now)
    except (ValueError, OverflowError):
        raise Http404 from None


def _newer_url(first: Post) -> str:
    """`page_after` put there what the page before this one begins after, if it is not home."""
    if first.newer_id and first.newer_at:
        return f"?before={Place(first.newer_at, first.newer_id)}"
    return reverse("posts:home")


def _next_change(rows: list[Post], now: datetime) -> datetime | None:
    return soonest(rows[0]) if rows else Post.objects.next_change(now)


def _names_on(posts: list[Post]) -> set[str]:
    """Stamps of the names a list prints: people, topics, series."""
    keys = {f"author:{person.pk}" for post in posts for person in post.byline}
    keys |= {f"tag:{tag.pk}" for post in posts for tag in post.tags.all()}
    return keys | {f"series:{post.series_id}" for post in posts if post.series_id}


@public_page("site")
def post_detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    post = Post.objects.published(now).for_page(now).filter(slug=slug).first()
    if post is None:
        return personal_page(request, post_for_visitor, slug=slug)
    context = page_context(post)
    shown = [post, *(other for other in (context["previous"], context["next"]) if other)]
    ends = [other.expires_at for other in shown if other.expires_at]
    if post.next_out and context["next"] is None:
        ends.append(post.next_out)
    depends_on(
        request,
        *(f"post:{other.pk}" for other in shown),
        *_names_on([post]),
        until=min((end for end in ends if end > now), default=None),
    )
    return render(request, "posts/post_detail.html", context)


def post_for_visitor(request: HttpRequest, slug: str) -> HttpResponse:
    """What only this visitor may read: drafts, posts for members."""
    post = Post.objects.visible_to(request.user).for_page().filter(slug=slug).first()
    if post is None:
        raise Http404
    response = render(request, "posts/post_detail.html", page_context(post) | {"personal": True})
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def not_found(request: HttpRequest, page: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Nobody answers here: perhaps what stood here has moved. If not, the address is counted,
    and `page` says so."""
    if not may_be_old(request.path_info):
        return page(request)
    return personal_page(request, _elsewhere, page=page)


def _elsewhere(request: HttpRequest, page: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    try:
        address = new_address(request.path_info, request.META.get("QUERY_STRING", ""))
    except Error:
        logger.warning("notfound.unknown", exc_info=True)
        return page(request)
    if address:
        return _moved(request, address)
    # Where PageCache asks, it tells of the readers itself (`nothing_here`).
    if not is_for_everybody(request) and not _wants_a_slash(request.path_info):
        note_dead_address(request)
    return page(request)


def _wants_a_slash(path: str) -> bool:
    """Django sends these on to the address with a slash, which is then asked for by itself."""
    return not path.endswith("/") and bool(is_valid_path(f"{path}/"))


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    reading = request.method in ("GET", "HEAD")
    response = HttpResponsePermanentRedirect(address, preserve_request=not reading)
    # Browsers would keep it for ever: they ask whether it is still so.
    response["Cache-Control"] = "no-cache"
    return response
