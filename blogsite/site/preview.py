"""Public pages with settings that nobody has stored: the code is that of the real ones."""

from io import BytesIO

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, resolve

from blogsite.site.models import SiteSettings, held


def public_page_with(site: SiteSettings, request: HttpRequest, address: str) -> HttpResponse:
    """The page at this address of ours, as a stranger would see it. Raises Http404."""
    path = "/" + address.removeprefix(get_script_prefix())
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_COOKIE": ""}
    stranger = WSGIRequest(request.META | asked | {"wsgi.input": BytesIO()})
    stranger.user = AnonymousUser()
    view, args, kwargs = resolve(path)
    if not hasattr(view, "public_page"):
        raise Http404
    with held(site), site.spoken():
        response = view(stranger, *args, **kwargs)
    if not response.get("Content-Type", "").startswith("text/html"):
        raise Http404
    return response


def in_frames(response: HttpResponse) -> HttpResponse:
    """The settings show it beside the form; nobody else may."""
    policy = settings.SECURE_CSP | {"frame-ancestors": ["'self'"]}
    response._csp_config = policy  # type: ignore[attr-defined]
    return response
