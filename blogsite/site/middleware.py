"""One request: one look at the settings, in the site's language and time zone."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from blogsite.site.models import SiteSettings, held


class SiteMiddleware:
    """Whoever asks, the site answers in its own language and zone: nothing of the request counts.

    A view that must answer without the database sets `needs_site = False` on itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Both are put back at the end: process_view may change them, and threads are used again.
        with held(), translation.override(settings.LANGUAGE_CODE), timezone.override(None):
            response = self.get_response(request)
        policy = getattr(request, "head_policy", None)
        if policy and response.status_code == 200:
            usual = settings.SECURE_CSP
            own = {name: [*usual[name], *new] for name, new in policy.items()}
            response._csp_config = usual | own  # type: ignore[attr-defined]
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        if getattr(view, "needs_site", True):
            site = SiteSettings.current()
            translation.activate(site.language)
            timezone.activate(site.zone)
