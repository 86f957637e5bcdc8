"""Several topics made one: a page that says what will happen, and one button."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from posts.admin.pages import page, route
from posts.models import Post, Tag, Version
from posts.numbers import numbers
from posts.services.organising import TopicGone, merge_tags

AT_ONCE, DRAFTS_SHOWN = 50, 20


def address(pks: Iterable[int]) -> str:
    return f"{reverse('admin:posts_tag_merge')}?{urlencode([('topic', pk) for pk in pks])}"


def urls(admin: Any) -> list[URLPattern]:
    return [route(admin, "merge/", "tag_merge", answer)]


def answer(admin: Any, request: HttpRequest) -> HttpResponse:
    if not admin.has_merge_permission(request):
        raise PermissionDenied
    return _merge(request) if request.method == "POST" else _page(admin, request)


def _page(admin: Any, request: HttpRequest) -> HttpResponse:
    tags = list(_chosen(request.GET.getlist("topic")).annotate(post_total=Count("posts")))
    drafts = _drafts_naming({tag.pk for tag in tags})
    return page(
        admin,
        request,
        "tag/merge",
        _("Merge topics"),
        tags=tags,
        stays=max(tags, key=lambda tag: tag.post_total, default=None),
        posts=Post.objects.filter(tags__in=tags).distinct().count(),
        drafts=drafts[:DRAFTS_SHOWN],
        more_drafts=max(0, len(drafts) - DRAFTS_SHOWN),
    )


def _chosen(sent: list[str]) -> Any:
    return Tag.objects.filter(pk__in=numbers(sent[:AT_ONCE]))


def _drafts_naming(tags: set[int]) -> list[Post]:
    """Posts that are out, with changes waiting over them that name one of these topics."""
    ahead = Version.objects.filter(
        number__gt=F("post__live_number"), post__trashed_at=None, post__state="published"
    )
    newest: dict[int, list[int]] = dict(
        ahead.order_by("number").values_list("post_id", "content__tags")
    )
    naming = [pk for pk, named in newest.items() if tags & set(named or ())]
    return list(Post.objects.filter(pk__in=naming).only("title", "slug").order_by("title", "pk"))


def _merge(request: HttpRequest) -> HttpResponse:
    sent = request.POST.getlist("topic")
    back = HttpResponseRedirect(reverse("admin:posts_tag_changelist"))
    into = _chosen([request.POST.get("into", "")]).first()
    others = list(_chosen(sent).exclude(pk=into.pk)) if into else []
    try:
        # Fewer than were sent: somebody else was quicker.
        if into is None or len({*sent, str(into.pk)}) != len(others) + 1:
            raise TopicGone
        moved = merge_tags(into, others)
    except TopicGone as gone:
        messages.error(request, str(gone))
        return back
    told = ngettext(
        "“%(into)s” stays, and one post more has it. Old addresses lead to it.",
        "“%(into)s” stays, and %(n)s posts more have it. Old addresses lead to it.",
        moved,
    )
    messages.success(request, told % {"into": into, "n": moved})
    return back
