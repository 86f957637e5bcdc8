"""The reader's pages. They show what an anonymous visitor may see, to everybody alike."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from blogsite.pagecache import depends_on, personal_page, public_page
from blogsite.site.models import SiteSettings
from posts.models import Post, SlugHistory
from posts.paging import Place
from posts.querysets import PostQuerySet, soonest


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
    context = _page_context(post)
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
    """What only this visitor may read (drafts, members-only), or where the post has moved."""
    post = Post.objects.visible_to(request.user).for_page().filter(slug=slug).first()
    if post is None:
        return _moved(slug)
    response = render(request, "posts/post_detail.html", _page_context(post) | {"personal": True})
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def _moved(slug: str) -> HttpResponse:
    old = SlugHistory.objects.select_related("post").filter(slug=slug).first()
    if old is None or not Post.objects.published().filter(pk=old.post_id).exists():
        raise Http404
    return redirect(old.post, permanent=True)


def _page_context(post: Post) -> dict[str, Any]:
    around: dict[int | None, Post] = {
        other.pk: other for other in Post.objects.for_links([post.older_id, post.newer_id])
    }
    series = list(Post.objects.parts_of(post.series_id)) if post.series_id else []
    return {
        "post": post,
        "toc": [{"level": level, "id": ident, "title": title} for level, ident, title in post.toc],
        "series_posts": series,
        # Parts that are not out yet count: never "part 5 of 2".
        "series_total": max(len(series), post.series_position or 0),
        "previous": around.get(post.older_id),
        "next": around.get(post.newer_id),
    }
