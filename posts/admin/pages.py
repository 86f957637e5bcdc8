"""What the desk's own pages about posts have in common."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst

from blogsite.prepared import Prepared
from posts.content import TOGETHER, remember
from posts.models import Post
from posts.numbers import number


def route(admin: Any, address: str, name: str, view: Callable[..., Any]) -> URLPattern:
    return path(address, admin.admin_site.admin_view(partial(view, admin)), name=f"posts_{name}")


def page(admin: Any, request: HttpRequest, name: str, title: Any, **more: Any) -> TemplateResponse:
    site = admin.admin_site.each_context(request)
    context = {**site, "opts": admin.opts, "title": title, **more}
    return TemplateResponse(request, f"admin/posts/{name}.html", context)


def their_post(user: Any, pk: Any) -> Any:
    """The post if this person may open it, with those who wrote it. Every page of a post asks."""
    may_any = user.has_perm("posts.edit_any_post")
    for post in ROW.ask(may_any, pk=number(pk) or 0, user=user.pk):
        remember(post, authorship_set=TOGETHER.ask(post=post.pk))
        return post


def _row(may_any: bool, pk: int, user: int) -> Any:
    posts = Post.objects.all() if may_any else Post.objects.owned_by(user)
    beside = posts.select_related("author", "series", "cover", "social_image")
    return beside.with_newer().filter(pk=pk)


ROW = Prepared(_row)


def post_or_refuse(admin: Any, request: HttpRequest, pk: int, allowed: Any) -> Post:
    """The same rule as the writing form: not even that it exists is told to a stranger."""
    post = their_post(request.user, pk)
    if post is None:
        raise Http404
    if not allowed(request, post):
        raise PermissionDenied
    return post


class PlainTitle:
    """A list is called what it lists, not what there is to do with it."""

    def changelist_view(self: Any, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"title": capfirst(str(self.opts.verbose_name_plural)), **(extra_context or {})}
        return super().changelist_view(request, context)  # type: ignore[misc]
