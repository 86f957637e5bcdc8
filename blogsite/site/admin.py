from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, re_path, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from blogsite.site.colour import ENOUGH
from blogsite.site.forms import SiteSettingsForm
from blogsite.site.look import KINDS, css, readability
from blogsite.site.models import ONLY, SiteSettings
from blogsite.site.preview import in_frames, public_page_with

LOOK = r"^look/([0-9a-fA-F]{6})/(warm|cool)/(narrow|normal|wide)/([01])"
FOR_THE_HEAD = (gettext_lazy("Code in the head"), {"fields": ("head_code", "head_hosts")})


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    """One form: there is one site."""

    form = SiteSettingsForm
    radio_fields = {
        "paper": admin.HORIZONTAL,
        "typeface": admin.VERTICAL,
        "width": admin.HORIZONTAL,
        "home_layout": admin.VERTICAL,
        "crawlers": admin.VERTICAL,
    }
    raw_id_fields = ("logo", "icon")
    fieldsets = (
        (
            gettext_lazy("The site"),
            {"fields": ("title", "tagline", "description", "language", "time_zone")},
        ),
        (gettext_lazy("Ways around"), {"fields": ("navigation", "social_links", "footer_text")}),
        (
            gettext_lazy("The look"),
            {
                "fields": (
                    *("accent", "paper", "typeface", "width", "home_layout", "posts_per_page"),
                    *("logo", "icon"),
                )
            },
        ),
        (gettext_lazy("Machines that read"), {"fields": ("crawlers", "offers_markdown")}),
        (gettext_lazy("For members only"), {"fields": ("lists_members_posts",)}),
        (gettext_lazy("Before a post goes out"), {"fields": ("stopping_checks",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form has the fields that are named here, so nobody else can send the last two."""
        may = request.user.has_perm("site.change_head_code")
        return [*self.fieldsets, FOR_THE_HEAD] if may else self.fieldsets

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        shown = xframe_options_sameorigin(require_POST(wrap(self.preview)))
        return [
            path("preview/", shown, name="site_preview"),
            re_path(rf"{LOOK}/({'|'.join(KINDS)})\.css$", wrap(self.sheet), name="site_look"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """A public page in the look of the form, or what is wrong in it. Nothing is stored."""
        site = self._for_change(request)
        form = self.get_form(request, site, change=True)(request.POST, instance=site)
        if not form.is_valid():
            return in_frames(render(request, "admin/site/refused.html", {"form": form}))
        site.derive()
        # By the values: the process that is asked for the sheet may never have seen its digest.
        values = [site.accent[1:], site.paper, site.width, int(bool(site.logo_id))]
        vars(site)["look_url"] = lambda kind: reverse("admin:site_look", args=[*values, kind])
        return in_frames(public_page_with(site, request, request.POST.get("path", "")))

    def sheet(self, request: HttpRequest, *look: str) -> HttpResponse:
        self._for_change(request)
        accent, paper, width, logo, kind = look
        sheet = css(f"#{accent}", paper, width, logo == "1", kind)
        return HttpResponse(sheet, content_type="text/css")

    def _for_change(self, request: HttpRequest) -> SiteSettings:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return SiteSettings.objects.filter(pk=ONLY).first() or SiteSettings()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, *more: Any) -> HttpResponse:
        return redirect(self._address())

    def get_object(self, request: HttpRequest, object_id: str, *field: Any) -> Any:
        is_there = object_id == str(ONLY)
        return SiteSettings.objects.get_or_create(pk=ONLY)[0] if is_there else None

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> HttpResponse:
        context |= {"title": _("Settings"), "subtitle": None}
        context |= {"show_save_and_continue": False, "show_close": False}
        return super().render_change_form(request, context, **kwargs)

    def response_change(self, request: HttpRequest, obj: SiteSettings) -> HttpResponse:
        messages.success(request, _("Saved. Readers see the change within a second."))
        messages.info(request, accent_in_words(obj))
        return redirect(self._address())

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
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
