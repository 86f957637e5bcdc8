"""The pages of the desk that show what was counted."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from blogsite.stats.figures import post_views, site_sources, site_views
from posts.models import Post


def urls(site: AdminSite) -> list[URLPattern]:
    def page(name: str, figures: Any) -> Any:
        def answer(request: HttpRequest, **which: Any) -> HttpResponse:
            if not request.user.has_perm("posts.view_post"):
                raise PermissionDenied
            context = {**site.each_context(request), **figures(request.user, **which)}
            return TemplateResponse(request, f"admin/stats/{name}.html", context)

        return site.admin_view(require_safe(answer))

    return [
        path("statistics/", page("site", of_site), name="statistics"),
        path("statistics/<int:pk>/", page("post", of_post), name="post_statistics"),
    ]


def of_site(user: User) -> dict[str, Any]:
    return {"title": _("Statistics"), **site_views(user), **site_sources(user)}


def of_post(user: User, pk: int) -> dict[str, Any]:
    post = get_object_or_404(Post.objects.editable_by(user).only("title"), pk=pk)
    title = _("Views of “%(post)s”") % {"post": post}
    return {"title": title, "post": post, **post_views(post)}
