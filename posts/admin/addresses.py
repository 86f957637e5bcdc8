"""Redirects at the desk, one by one."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from posts.admin import redirect_tables
from posts.admin.pages import PlainTitle
from posts.admin.redirect_tables import our_hosts
from posts.models import Redirect
from posts.services.redirect_tables import destination
from posts.services.redirects import Atlas, save_redirect


class RedirectForm(forms.ModelForm):
    to = forms.CharField(
        label=_("Leads to"),
        max_length=1000,
        help_text=_(
            "A path of this blog, like /about/, or an address that begins with https://. "
            "To a post it follows when the post moves."
        ),
    )
    #: Set by the admin: addresses on these are paths of ours.
    hosts: set[str] = set()

    class Meta:
        model = Redirect
        fields = ["path"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["to"] = destination(self.instance)

    @cached_property
    def atlas(self) -> Atlas:
        return Atlas.read(self.hosts, without=self.instance.pk)

    def clean_path(self) -> str:
        return self.atlas.path(self.cleaned_data["path"])

    def clean_to(self) -> str:
        place = self.atlas.place(self.cleaned_data.get("path", ""), self.cleaned_data["to"])
        self.instance.post_id, self.instance.target = place.post_id, place.target
        return self.cleaned_data["to"]


@admin.register(Redirect)
class RedirectAdmin(PlainTitle, admin.ModelAdmin):
    form = RedirectForm
    fields = ["path", "to"]
    list_display = ["path", "leads_to", "since"]
    list_select_related = ["post"]
    list_per_page = 50
    search_fields = ["path", "target", "post__title", "post__slug"]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        return [*redirect_tables.urls(self), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = type("RedirectForm", (self.form,), {"hosts": our_hosts(request)})
        return super().get_form(request, obj, form=form, **kwargs)

    @admin.display(description=_("leads to"))
    def leads_to(self, redirect: Redirect) -> str:
        return str(redirect.post) if redirect.post else redirect.target

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, redirect: Redirect) -> str:
        return date_format(timezone.localtime(redirect.created_at), gettext("j M Y"))

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        save_redirect(obj)
