"""Many posts at once: first a page that says what will happen to each, then one button."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from posts.admin.links import warn_of_navigation
from posts.admin.pages import page, route
from posts.models import Post, Series, Tag
from posts.numbers import numbers
from posts.services.bulk import DEEDS, Deed, NotThisOne, take_back
from posts.services.refusals import NotSaved

AT_ONCE = 200
UNDO = "posts_bulk_undo"
FIELDS: dict[str, Any] = {
    "tag": partial(forms.ModelChoiceField, Tag.objects.all()),
    "series": partial(forms.ModelChoiceField, Series.objects.all()),
    "co_author": partial(forms.ModelChoiceField, User.objects.filter(is_staff=True)),
    "author": partial(forms.ModelChoiceField, User.objects.filter(is_staff=True)),
    "visibility": partial(forms.ChoiceField, choices=Post.Visibility.choices),
    "is_featured": partial(
        forms.TypedChoiceField,
        choices=[("1", gettext_lazy("Yes")), ("0", gettext_lazy("No"))],
        coerce=lambda value: value == "1",
    ),
}


@dataclass(frozen=True)
class Row:
    post: Post
    told: str
    refused: bool


def deeds_for(user: Any, *, in_trash: bool) -> list[Deed]:
    return [d for d in DEEDS.values() if d.in_trash == in_trash and user.has_perm(d.needs)]


def actions(admin: Any, request: HttpRequest) -> dict[str, Any]:
    """The deeds as Django's list offers actions."""
    in_trash = request.GET.get("state") == "trash"
    found = deeds_for(request.user, in_trash=in_trash)
    return {deed.name: (partial(_begin, deed), deed.name, deed.label) for deed in found}


def urls(admin: Any) -> list[URLPattern]:
    return [
        route(admin, "bulk/<slug:name>/", "post_bulk", bulk),
        route(admin, "undo/", "post_undo", undo),
    ]


def _begin(deed: Deed, admin: Any, request: HttpRequest, chosen: Any) -> HttpResponse:
    return _page(admin, request, deed, list(chosen.order_by("pk")[:AT_ONCE]))


def bulk(admin: Any, request: HttpRequest, name: str) -> HttpResponse:
    deed = DEEDS.get(name)
    if deed is None or request.method != "POST" or not request.user.has_perm(deed.needs):
        raise PermissionDenied
    pks = numbers(request.POST.getlist("post")[:AT_ONCE])
    mine = Post.objects.editable_by(request.user).with_byline().filter(pk__in=pks)
    # In the order in which they came out: so a series is numbered.
    posts = list(mine.order_by(F("published_at").asc(nulls_last=True), "pk"))
    if "_do" not in request.POST:
        return _page(admin, request, deed, posts)
    form = _form(deed, request.POST)
    if form and not form.is_valid():
        return _page(admin, request, deed, posts)
    value = form.cleaned_data[deed.asks] if form else None
    return _carry_out(admin, request, deed, posts, value)


def _page(admin: Any, request: HttpRequest, deed: Deed, posts: list[Post]) -> HttpResponse:
    sent = request.POST if deed.asks in request.POST else None
    form = _form(deed, sent)
    value = form.cleaned_data[deed.asks] if form and sent and form.is_valid() else None
    known = not deed.asks or value is not None
    rows = list(_rows(admin, request, deed, posts, value)) if known else []
    return page(
        admin,
        request,
        "post/bulk",
        deed.label,
        deed=deed,
        form=form,
        known=known,
        rows=rows,
        going=sum(not row.refused for row in rows),
        posts=posts,
        at_once=AT_ONCE,
    )


def _rows(
    admin: Any, request: HttpRequest, deed: Deed, posts: list[Post], value: Any
) -> Iterator[Row]:
    for post in posts:
        try:
            yield Row(post, _plan(admin, request, deed, post, value), refused=False)
        except NotThisOne as reason:
            yield Row(post, str(reason), refused=True)


def _plan(admin: Any, request: HttpRequest, deed: Deed, post: Post, value: Any) -> str:
    if not admin.has_change_permission(request, post):
        raise NotThisOne(_("you may not change it"))
    if bool(post.trashed_at) is not deed.in_trash:
        raise NotThisOne(_("is in the trash") if post.trashed_at else _("is not in the trash"))
    return deed.plan(post, value)


def _form(deed: Deed, sent: Any) -> forms.Form | None:
    if not deed.asks:
        return None
    kind = type("Asked", (forms.Form,), {deed.asks: FIELDS[deed.asks](label=deed.label)})
    return kind(sent)


def _carry_out(
    admin: Any, request: HttpRequest, deed: Deed, posts: list[Post], value: Any
) -> HttpResponse:
    """Each post by itself: one that somebody else just changed does not hold up the others."""
    done, left, undos = 0, [], {}
    by = cast(User, request.user)
    for post in posts:
        try:
            undo = deed.do(post, value, by, _plan(admin, request, deed, post, value))
        except NotSaved as reason:
            left.append(reason.of(post))
            continue
        done += 1
        if undo:
            undos[str(post.pk)] = undo
    request.session[UNDO] = {"deed": deed.name, "posts": undos}
    if done:
        told = ngettext("%(deed)s: one post.", "%(deed)s: %(n)s posts.", done)
        told %= {"deed": deed.label, "n": done}
        back = reverse("admin:posts_post_undo")
        link = format_html(' <a href="{}">{}</a>', back, _("Take it back"))
        messages.success(request, format_html("{}{}", told, link if undos else ""))
    _tell_of(request, left)
    warn_of_navigation(request)
    back = reverse("admin:posts_post_changelist")
    return HttpResponseRedirect(f"{back}?state=trash" if deed.in_trash else back)


def _tell_of(request: HttpRequest, left: list[str]) -> None:
    for sentence in left[:5]:
        messages.warning(request, _("Left as it is: %(what)s") % {"what": sentence})
    if len(left) > 5:
        more = ngettext(
            "One more was left as it is.", "%(n)s more were left as they are.", len(left) - 5
        )
        messages.warning(request, more % {"n": len(left) - 5})


def undo(admin: Any, request: HttpRequest) -> HttpResponse:
    """Take the last deed back. A link leads here, so it asks; only a POST does it."""
    kept = request.session.get(UNDO) or {}
    deed = DEEDS.get(kept.get("deed", ""))
    # Whoever may not do it any more may not undo it either.
    pks = kept["posts"] if deed and request.user.has_perm(deed.needs) else ()
    posts = list(Post.objects.editable_by(request.user).with_byline().filter(pk__in=pks))
    if request.method != "POST" or not posts:
        return page(admin, request, "post/undo", _("Take it back"), deed=deed, posts=posts)
    left = []
    for post in posts:
        try:
            if not admin.has_change_permission(request, post):
                raise NotThisOne(_("you may not change it"))
            take_back(post, kept["posts"][str(post.pk)], by=cast(User, request.user))
        except NotSaved as reason:
            left.append(reason.of(post))
    del request.session[UNDO]
    if done := len(posts) - len(left):
        told = ngettext("Taken back: one post.", "Taken back: %(n)s posts.", done)
        messages.success(request, told % {"n": done})
    _tell_of(request, left)
    return HttpResponseRedirect(reverse("admin:posts_post_changelist"))
