"""What the desk's own pages about posts have in common."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst

from posts.models import Post


def route(admin: Any, address: str, name: str, view: Callable[..., Any]) -> URLPattern:
    return path(address, admin.admin_site.admin_view(partial(view, admin)), name=f"posts_{name}")


def page(admin: Any, request: HttpRequest, name: str, title: Any, **more: Any) -> TemplateResponse:
    site = admin.admin_site.each_context(request)
    context = {**site, "opts": admin.opts, "title": title, **more}
    return TemplateResponse(request, f"admin/posts/{name}.html", context)


def post_or_refuse(admin: Any, request: HttpRequest, pk: int, allowed: Any) -> Post:
    """The same rule as the writing form: not even that it exists is told to a stranger."""
    post = Post.objects.editable_by(request.user).with_byline().filter(pk=pk).first()
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
