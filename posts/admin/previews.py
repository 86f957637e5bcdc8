"""How a text will look before it is out: for its writers, and by link for anybody else."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import date
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from posts.admin.pages import page, post_or_refuse, route
from posts.admin.versions import chosen
from posts.models import Post, PreviewLink, Version
from posts.previews import preview_page
from posts.services.previews import make_link, may_show, withdraw

LINKS_SHOWN = 50
NEWEST, THIS = "newest", "this"


def urls(admin: Any) -> list[URLPattern]:
    ended = "<int:pk>/preview-links/<int:link>/withdraw/"
    return [
        route(admin, "<int:pk>/preview/", "post_preview", preview),
        route(admin, "<int:pk>/preview-links/", "post_preview_links", links),
        route(admin, ended, "post_preview_withdraw", end),
    ]


@method_decorator([xframe_options_sameorigin, require_safe])
def preview(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    post = post_or_refuse(admin, request, pk, admin.has_view_permission)
    version = chosen(post, request.GET.get("version"), post.newest_version())
    response = preview_page(request, version, is_at_desk=True)
    # The editor may show it in a frame beside the text.
    own = settings.SECURE_CSP | {"frame-ancestors": ["'self'"]}
    response._csp_config = own  # type: ignore[attr-defined]
    return response


class LinkForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Only you and the editors see this."),
    )
    shows = forms.ChoiceField(label=gettext_lazy("Shows"), widget=forms.RadioSelect, initial=NEWEST)
    days = forms.TypedChoiceField(
        label=gettext_lazy("Works for"),
        coerce=int,
        initial=7,
        choices=[
            (1, gettext_lazy("1 day")),
            (7, gettext_lazy("7 days")),
            (30, gettext_lazy("30 days")),
        ],
    )

    def __init__(self, version: Version, data: Any = None) -> None:
        super().__init__(data)
        when = date(timezone.localtime(version.created_at), _("j M Y, H:i"))
        this = _("Version %(number)s, saved %(when)s") % {"number": version.number, "when": when}
        self.fields["shows"].choices = [  # type: ignore[attr-defined]
            (NEWEST, _("Always the newest version")),
            (THIS, this),
        ]


def links(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The links of a post. The address of a new one is part of this answer and of no other."""
    post = post_or_refuse(admin, request, pk, admin.has_change_permission)
    version = chosen(post, request.GET.get("version"), post.newest_version())
    form, made, secret = LinkForm(version, request.POST or None), None, ""
    if request.method == "POST" and form.is_valid():
        made, secret = make_link(
            post,
            by=cast(User, request.user),
            days=form.cleaned_data["days"],
            version=version if form.cleaned_data["shows"] == THIS else None,
            label=form.cleaned_data["label"],
        )
        form = LinkForm(version)
    return page(
        admin,
        request,
        "post/preview_links",
        _("Preview links"),
        original=post,
        form=form,
        links=_listed(post),
        made=made,
        address=secret and request.build_absolute_uri(reverse("posts:preview", args=[secret])),
    )


@method_decorator(require_POST)
def end(admin: Any, request: HttpRequest, pk: int, link: int) -> HttpResponse:
    post = post_or_refuse(admin, request, pk, admin.has_change_permission)
    row = get_object_or_404(PreviewLink, post=post, pk=link)
    withdraw(row)
    messages.success(request, _("Withdrawn. The link opens nothing any more."))
    return HttpResponseRedirect(reverse("admin:posts_post_preview_links", args=[pk]))


def _listed(post: Post) -> list[PreviewLink]:
    rows = post.preview_links.select_related("created_by", "version").defer("version__content")
    listed = list(rows[:LINKS_SHOWN])
    makers = {link.created_by_id: link.created_by for link in listed}
    allowed = {pk: may_show(maker, post) for pk, maker in makers.items()}
    for link in listed:
        link.is_orphan = not allowed[link.created_by_id]  # type: ignore[attr-defined]
    return listed
