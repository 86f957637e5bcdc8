"""Where the editor sends what is being typed, every few seconds, without making versions."""

from typing import Any, cast

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts.models import User
from posts.admin.pages import their_post
from posts.admin.typed import typed
from posts.numbers import number
from posts.services import autosaving


def urls(admin: Any) -> list[URLPattern]:
    @never_cache
    @csrf_protect
    def answer(request: HttpRequest, pk: int | None = None) -> JsonResponse:
        # A script must be able to tell: signed out is 401, never a page to sign in.
        if not admin.admin_site.has_permission(request):
            return _told(_("You are signed out. Nothing was kept here."), 401)
        return autosave(admin, request, pk)

    return [
        path("autosave/", answer, name="posts_post_autosave_new"),
        path("<int:pk>/autosave/", answer, name="posts_post_autosave"),
    ]


def autosave(admin: Any, request: HttpRequest, pk: int | None) -> JsonResponse:
    if request.method != "POST":
        return _told(_("Send the form here by POST."), 405)
    user, post = cast(User, request.user), None
    if pk:
        post = their_post(user, pk)
        if post is None:
            return _told(_("There is no such post."), 404)
    may = admin.has_change_permission(request, post) if post else admin.has_add_permission(request)
    if not may:
        return _told(_("You may not change this post."), 403)
    base = number(request.POST.get("base_number"), digits=9)
    row = autosaving.keep(post, user=user, content=typed(request.POST), base=base)
    newest = post.newest_version() if post else None
    return JsonResponse(
        {
            # Goes into the form's field of this name: saving then lets go of what was kept.
            "kept_at": timezone.localtime(row.saved_at).isoformat(),
            "newest": newest.number if newest else 0,
            "by": str(newest.author or "") if newest else "",
        }
    )


def _told(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
