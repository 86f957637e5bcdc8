from typing import Any

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blogsite.site.colour import ENOUGH
from blogsite.site.forms import SiteSettingsForm
from blogsite.site.look import readability
from blogsite.site.models import ONLY, SiteSettings


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    """One form: there is one site."""

    form = SiteSettingsForm
    radio_fields = {
        "paper": admin.HORIZONTAL,
        "typeface": admin.VERTICAL,
        "home_layout": admin.VERTICAL,
        "crawlers": admin.VERTICAL,
    }
    fieldsets = (
        (
            gettext_lazy("The site"),
            {"fields": ("title", "tagline", "description", "language", "time_zone")},
        ),
        (gettext_lazy("Ways around"), {"fields": ("navigation", "social_links", "footer_text")}),
        (
            gettext_lazy("The look"),
            {"fields": ("accent", "paper", "typeface", "home_layout", "posts_per_page")},
        ),
        (gettext_lazy("Machines that read"), {"fields": ("crawlers", "offers_markdown")}),
        (gettext_lazy("For members only"), {"fields": ("lists_members_posts",)}),
        (gettext_lazy("Before a post goes out"), {"fields": ("stopping_checks",)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect(self._address())

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SiteSettings | None:
        if object_id == str(ONLY):
            SiteSettings.objects.get_or_create(pk=ONLY)
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = {
            "title": _("Settings"),
            "subtitle": None,
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> HttpResponse:
        context["show_close"] = False
        return super().render_change_form(request, context, **kwargs)

    def response_change(self, request: HttpRequest, obj: SiteSettings) -> HttpResponse:
        messages.success(request, _("Saved. Readers see the change within a second."))
        messages.info(request, accent_in_words(obj))
        return redirect(self._address())

    def save_model(
        self, request: HttpRequest, obj: SiteSettings, form: ModelForm, change: bool
    ) -> None:
        obj.save()

    def _address(self) -> str:
        return reverse(f"{self.admin_site.name}:site_sitesettings_change", args=[ONLY])


def accent_in_words(site: SiteSettings) -> str:
    """How well the accent can be read, and what was done about a colour that could not."""
    seen = readability(site.accent, site.paper)
    values = {
        "accent": site.accent,
        "picked": _rounded(seen.picked),
        "day": _rounded(seen.by_day),
        "night": _rounded(seen.by_night),
        "enough": _rounded(ENOUGH),
    }
    if seen.was_readable:
        told = _("The accent can be read: contrast %(day)s by day and %(night)s by night.")
    else:
        told = _(
            "%(accent)s on paper has a contrast of %(picked)s, too little to read. Readers get a "
            "darker shade of it: %(day)s by day, and %(night)s by night."
        )
    return " ".join([told % values, _("%(enough)s is enough.") % values])


def _rounded(ratio: float) -> str:
    # Down, never up: 4.47 is not enough.
    return number_format(int(ratio * 10) / 10, 1)
