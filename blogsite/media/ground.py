"""Where the floors below name uploads: they cannot say so themselves."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from blogsite.media.references import Place, register
from blogsite.site.models import ONLY, SiteSettings


def register_ground() -> None:
    register(User, texts=("bio", "avatar", "links"), places=_people)
    register(
        SiteSettings,
        texts=("footer_text", "navigation", "social_links", "head_code"),
        pictures=("logo_id", "icon_id"),
        places=_settings,
    )


def _people(keys: Collection[int], person: Any) -> dict[int, Place]:
    may = person.has_perm("accounts.view_user")
    return {
        user.pk: Place(
            _("%(name)s, about") % {"name": user},
            reverse("admin:accounts_user_change", args=[user.pk]) if may else "",
        )
        for user in User.objects.filter(pk__in=keys)
    }


def _settings(keys: Collection[int], person: Any) -> dict[int, Place]:
    may = person.has_perm("site.view_sitesettings")
    address = reverse("admin:site_sitesettings_change", args=[ONLY]) if may else ""
    return {ONLY: Place(_("Settings of the site"), address)}
