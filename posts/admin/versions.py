"""Every saved version of a post: the list, the difference of any two, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from blogsite.lib.diff import Difference, as_html, compare
from posts.admin.pages import page, post_or_refuse, route
from posts.content import VERSIONED_FIELDS, existing_people, existing_tags, field_of, key_of
from posts.models import Post, Version
from posts.numbers import number as number_in
from posts.services.refusals import NotSaved
from posts.services.saving import present_content, save_draft

AT_ONCE = 40


@dataclass(frozen=True)
class FieldChange:
    label: str
    told: SafeString


def urls(admin: Any) -> list[URLPattern]:
    return [
        route(admin, "<int:pk>/versions/", "post_versions", versions),
        route(admin, "<int:pk>/versions/<int:number>/restore/", "post_restore", restore),
    ]


def versions(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    post = post_or_refuse(admin, request, pk, admin.has_view_permission)
    rows = post.versions.select_related("author").defer("content")
    before = number_in(request.GET.get("before"))
    listed = list((rows.filter(number__lt=before) if before else rows)[: AT_ONCE + 1])
    newest = post.newest_version()
    new = chosen(post, request.GET.get("to"), newest)
    old = chosen(post, request.GET.get("from"), _one_before(post, new))
    difference = compare(old.content.get("body", ""), new.content.get("body", ""))
    return page(
        admin,
        request,
        "post/versions",
        _("Versions"),
        original=post,
        versions=listed[:AT_ONCE],
        older=listed[AT_ONCE - 1].number if len(listed) > AT_ONCE else None,
        before=before,
        old=old,
        new=new,
        chosen=[old] if old == new else [old, new],
        newest_number=newest.number,
        fields=list(field_changes(old.content, new.content)),
        difference=difference,
        text=as_html(difference) if _says_something(difference) else "",
        may_change=admin.has_change_permission(request, post),
    )


@method_decorator(require_POST)
def restore(admin: Any, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The old content as a new version. What is live stays until somebody publishes."""
    post = post_or_refuse(admin, request, pk, admin.has_change_permission)
    version = chosen(post, str(number), None)
    note = _("Version %(number)s again") % {"number": number}
    try:
        save_draft(
            post,
            content=present_content(post, version),
            by=cast(User, request.user),
            note=note,
            base=number_in(request.POST.get("newest")),
        )
    except NotSaved as problem:
        messages.warning(request, str(problem))
        return HttpResponseRedirect(reverse("admin:posts_post_versions", args=[pk]))
    told = _("Version %(number)s is the newest again, as a draft. Nothing was thrown away.")
    messages.success(request, told % {"number": number})
    return HttpResponseRedirect(reverse("admin:posts_post_change", args=[pk]))


def field_changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[FieldChange]:
    """The fields beside the text that differ, in the words of the form."""
    for name in VERSIONED_FIELDS:
        field, key = field_of(name), key_of(name)
        if name != "body" and old.get(key) != new.get(key):
            words = [in_words(field, content.get(key)) for content in (old, new)]
            yield FieldChange(str(field.verbose_name), as_html(compare(*words)))


def in_words(field: Any, value: Any) -> str:
    if field.name == "tags":
        return ", ".join(tag.name for tag in existing_tags(value or ()))
    if field.name == "co_authors":
        return ", ".join(str(person) for person in existing_people(value or ()))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is not None and isinstance(field, models.ForeignKey):
        row = field.related_model._default_manager.filter(pk=value).first()
        return str(row) if row else _("(deleted)")
    return "" if value is None else str(value)


def _says_something(difference: Difference) -> bool:
    return any(part.kind != "same" for part in difference.parts)


def chosen(post: Post, sent: str | None, otherwise: Version | None) -> Version:
    found = post.versions.filter(number=number_in(sent) or 0).first() if sent else otherwise
    if found is None:
        raise Http404
    return found


def _one_before(post: Post, version: Version) -> Version:
    return post.versions.filter(number__lt=version.number).first() or version
