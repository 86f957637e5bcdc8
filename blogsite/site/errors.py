"""Pages for what went wrong. They come out in the site's look even while the database is away.

400, 500 and 503 stand on `bare.html`: no context processor, no query, no trust in the request.
The others are whole pages with what this process last knew of the site.
"""

import logging
import sys
from functools import partial
from typing import Any

from django.core.exceptions import TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import translation

from blogsite.site.models import SiteSettings

logger = logging.getLogger(__name__)

AGAIN_IN = 5  # seconds: a restarted database answers again after about so many
LAST_RESORT = (
    b"<!doctype html><html lang=en><title>Error</title><h1>Something went wrong</h1>"
    b"<p>It is not your fault. Please try again in a minute."
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _bare("400.html", 400, too_many_files=isinstance(exception, TooManyFilesSent))


def too_many(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """Refuse politely; `retry_after` seconds from now it is worth another try."""
    minutes = max(1, round(retry_after / 60))
    response = _page(request, template="429.html", status=429, minutes=minutes)
    response["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when what failed is the way to the database."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _bare("500.html", 500)


def unavailable(request: HttpRequest, *, retry_after: int = AGAIN_IN) -> HttpResponse:
    response = _bare("503.html", 503)
    response["Retry-After"] = str(retry_after)
    return response


def _page(
    request: HttpRequest, _why: object = None, *, template: str, status: int, **context: Any
) -> HttpResponse:
    try:
        site = request.site_at_hand = SiteSettings.at_hand()  # type: ignore[attr-defined]
        with site.spoken():
            response = render(request, template, context, status=status)
    except Exception:
        logger.exception("error_page.failed")
        return _bare("500.html", 500)
    response["Cache-Control"] = "no-store"
    return response


permission_denied = partial(_page, template="403.html", status=403)
csrf_failure = partial(_page, template="403_csrf.html", status=403)
not_found = partial(_page, template="404.html", status=404)


def _bare(template: str, status: int, **context: Any) -> HttpResponse:
    try:
        site = context["site"] = SiteSettings.last_seen()
        with translation.override(site.language):
            body = get_template(template).render(context)
    except Exception:
        logger.exception("error_page.failed")
        return HttpResponse(LAST_RESORT, status=status)
    return HttpResponse(body, status=status, headers={"Cache-Control": "no-store"})
