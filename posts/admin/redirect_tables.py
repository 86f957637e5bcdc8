"""Redirects at the desk, many at once: a table comes in, is looked at, and is taken over."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from posts.admin.pages import page, route
from posts.models import Redirect
from posts.services import redirect_tables
from posts.services.redirects import Atlas, Plan, apply_plans

MOST_CHARACTERS = 2_000_000
#: Of thousands of lines nobody reads all; those with a problem come first.
MOST_SHOWN = 500
ORDER = ["refused", "replaces", "new", "same"]


def urls(admin: Any) -> list[URLPattern]:
    return [
        route(admin, "table/", "redirect_load", load),
        route(admin, "redirects.csv", "redirect_download", download),
    ]


def our_hosts(request: HttpRequest) -> set[str]:
    return {request.get_host(), settings.CANONICAL_HOST}


class TableForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Table"),
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Each line holds an old and a new address, with a comma, semicolon or tab between "
            "them. /2019/05/old-post.html, /new-post/"
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=gettext_lazy("CSV in UTF-8, as spreadsheets write it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data["file"]:
            data["text"] = redirect_tables.decode(data["file"].read(MOST_CHARACTERS * 4))
        if len(data["text"]) > MOST_CHARACTERS or "\0" in data["text"]:
            raise ValidationError(_("This is too large, or no text. Split the table."))
        data["rows"] = redirect_tables.read(data["text"])
        return data


def load(admin: Any, request: HttpRequest) -> HttpResponse:
    """First what would happen, line by line; the second button makes it happen."""
    if not request.user.has_perms(["posts.add_redirect", "posts.change_redirect"]):
        raise PermissionDenied
    form = TableForm(request.POST or None, request.FILES or None)
    more: dict[str, Any] = {}
    if form.is_valid():
        atlas = Atlas.read(our_hosts(request))
        plans = [atlas.plan(old, new, line) for line, old, new in form.cleaned_data["rows"]]
        if "apply" in request.POST:
            return _applied(request, plans, atlas)
        more = _preview(plans) | {"text": form.cleaned_data["text"]}
    return page(admin, request, "redirect/load", _("Load redirects"), form=form, **more)


def _applied(request: HttpRequest, plans: list[Plan], atlas: Atlas) -> HttpResponse:
    count = apply_plans(plans, atlas)
    told = ngettext("%d redirect is stored.", "%d redirects are stored.", count) % count
    if refused := sum(plan.outcome == "refused" for plan in plans):
        left = ngettext("%d line was left out.", "%d lines were left out.", refused) % refused
        messages.warning(request, f"{told} {left}")
    else:
        messages.success(request, told)
    return HttpResponseRedirect(reverse("admin:posts_redirect_changelist"))


def _preview(plans: list[Plan]) -> dict[str, Any]:
    count = {name: sum(plan.outcome == name for plan in plans) for name in ORDER}
    return {
        "plans": sorted(plans, key=lambda plan: ORDER.index(plan.outcome))[:MOST_SHOWN],
        "unshown": max(0, len(plans) - MOST_SHOWN),
        "count": count,
        "good": count["new"] + count["replaces"],
    }


def download(admin: Any, request: HttpRequest) -> HttpResponse:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    table = redirect_tables.write(Redirect.objects.select_related("post"))
    return HttpResponse(
        table,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="redirects.csv"'},
    )
