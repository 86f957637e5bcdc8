"""The navigation as other apps read and change it: the row as it is, one change at a time."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from blogsite.pagecache import stamping
from blogsite.site.links import LABEL_LENGTH, Link
from blogsite.site.models import ONLY, SiteSettings
from blogsite.site.validators import MOST_IN_NAVIGATION

Links = list[Link]


class NavigationFull(Exception):
    """There is no room left. Nothing was written."""

    def __str__(self) -> str:
        told = _("the navigation has room for %(most)s entries")
        return told % {"most": MOST_IN_NAVIGATION}


def navigation() -> Links:
    return list(SiteSettings.current().navigation)


def link(label: str, address: str) -> Link:
    return {"label": label[:LABEL_LENGTH].strip(), "address": address}


def change_navigation(change: Callable[[Links], Iterable[Link]]) -> None:
    with stamping():
        SiteSettings.objects.get_or_create(pk=ONLY)
        site = SiteSettings.objects.select_for_update().get(pk=ONLY)
        changed = list(change(site.navigation))
        if len(changed) > max(len(site.navigation), MOST_IN_NAVIGATION):
            raise NavigationFull
        if changed != site.navigation:
            site.navigation = changed
            site.save()
