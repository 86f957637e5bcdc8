"""What every page knows of the site."""

from typing import Any

from django.http import HttpRequest

from blogsite.site.links import href
from blogsite.site.models import SiteSettings


def site(request: HttpRequest) -> dict[str, Any]:
    """An error page brings `request.site_at_hand`, made without the database if need be."""
    settings = getattr(request, "site_at_hand", None) or SiteSettings.current()
    return {
        "site": settings,
        "brand": settings.title,  # Django's sign-in pages mean something else by `site`
        "navigation": [
            {
                "label": link["label"],
                "href": href(link["address"]),
                "current": link["address"] == request.path_info,
            }
            for link in settings.navigation
        ],
        # Called by the template that wants it: on a foreign host there is no address to build.
        "canonical_url": lambda: request.build_absolute_uri(request.path),
    }
