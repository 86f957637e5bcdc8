"""The page of one post."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from blogsite.pagecache import counted_as, depends_on, personal_page, public_page
from blogsite.prepared import Prepared
from blogsite.site.models import SiteSettings
from posts.content import TOGETHER, TOPICS, remember
from posts.context import page_context
from posts.models import Post
from posts.structured import of_post

READABLE = Prepared(
    lambda now, slug: (
        Post.objects.published(now).for_page(now).filter(slug=slug).prefetch_related(None)
    )
)


@public_page("site")
def post_detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    found = READABLE.ask(now=now, slug=slug)
    if not found:
        return personal_page(request, post_for_visitor, slug=slug)
    post = found[0]
    remember(post, tags=TOPICS.ask(post=post.pk), authorship_set=TOGETHER.ask(post=post.pk))
    counted_as(request, f"post:{post.pk}")
    context = page_context(post)
    shown = [post, *context["series_posts"], *context["around"]]
    ends = [other.expires_at for other in shown if other.expires_at]
    if post.next_out and (context["next"] is None or post.series_id):
        ends.append(post.next_out)
    depends_on(
        request,
        *(f"post:{other.pk}" for other in (post, *context["around"])),
        *(f"author:{person.pk}" for person in post.byline),
        *(f"tag:{tag.pk}" for tag in post.tags.all()),
        *([f"series:{post.series_id}"] if post.series_id else []),
        until=min((end for end in ends if end > now), default=None),
    )
    context["structured"] = of_post(request, post, context["people"], SiteSettings.current())
    return render(request, "posts/post_detail.html", context)


def post_for_visitor(request: HttpRequest, slug: str) -> HttpResponse:
    """What only this visitor may read: drafts, posts for members; or where those sign in."""
    post = Post.objects.visible_to(request.user).for_page().filter(slug=slug).first()
    if post is None:
        return _members_gate(request, slug)
    response = render(request, "posts/post_detail.html", page_context(post) | {"personal": True})
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def _members_gate(request: HttpRequest, slug: str) -> HttpResponse:
    """Title and summary of a post for members, where strangers may know of it; never the text."""
    post = Post.objects.met().filter(slug=slug).with_byline().defer("body", "body_html").first()
    if post is None:
        raise Http404
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?next={request.path}"
    return render(request, "posts/members.html", {"post": post, "sign_in": sign_in})


@require_safe
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the editor, for whoever may; a script asks by HEAD whether to show the link."""
    staff = request.user.is_active and request.user.is_staff
    if not request.user.is_authenticated and request.method != "HEAD":
        return redirect_to_login(request.path)
    if staff and Post.objects.editable_by(request.user).filter(pk=pk, trashed_at=None).exists():
        response: HttpResponse = redirect("admin:posts_post_change", pk)
    elif request.method == "HEAD":
        response = HttpResponse(status=204)
    else:
        raise Http404
    add_never_cache_headers(response)
    return response
