"""How a text will look before it is out: for its writers, and by link for anybody else."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import date
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from posts.admin.versions import post_or_refuse
from posts.models import Post, PreviewLink, Version
from posts.previews import preview_page
from posts.services.previews import make_link, may_show, withdraw

LINKS_SHOWN = 50
NEWEST, THIS = "newest", "this"


def urls(admin: Any) -> list[URLPattern]:
    def view(function: Any) -> Any:
        def answer(request: HttpRequest, pk: int, **rest: Any) -> HttpResponse:
            return function(admin, request, pk, **rest)

        return admin.admin_site.admin_view(answer)

    return [
        path(
            "<int:pk>/preview/",
            xframe_options_sameorigin(require_safe(view(preview))),
            name="posts_post_preview",
        ),
        path("<int:pk>/preview-links/", view(links), name="posts_post_preview_links"),
        path(
            "<int:pk>/preview-links/<int:link>/withdraw/",
            require_POST(view(end)),
            name="posts_post_preview_withdraw",
        ),
    ]


def preview(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    post = post_or_refuse(admin, request, pk, admin.has_view_permission)
    response = preview_page(request, _version_asked_for(request, post), is_at_desk=True)
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
    version = _version_asked_for(request, post)
    form, made, secret = LinkForm(version, request.POST or None), None, ""
    if request.method == "POST" and form.is_valid():
        made, secret = make_link(
            post,
            by=cast(User, request.user),
            days=form.cleaned_data["days"],
            version=version if form.cleaned_data["shows"] == THIS else None,
            label=form.cleaned_data["label"],
        )
        admin.log_change(request, post, _("Made a preview link: %(link)s") % {"link": made})
        form = LinkForm(version)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": post,
        "title": _("Preview links"),
        "form": form,
        "links": _listed(post),
        "made": made,
        "address": secret and request.build_absolute_uri(reverse("posts:preview", args=[secret])),
    }
    return TemplateResponse(request, "admin/posts/post/preview_links.html", context)


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


def _version_asked_for(request: HttpRequest, post: Post) -> Version:
    wanted = request.GET.get("version", "")
    rows = post.versions.select_related("author")
    if wanted:
        is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 9
        rows = rows.filter(number=wanted) if is_number else rows.none()
    version = rows.first()
    if version is None:
        raise Http404
    return version
