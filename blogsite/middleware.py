"""What every request gets: a name, decent input, and the headers of a careful site."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from blogsite import csp
from blogsite.lib import request_id as request_ids

Answer = Callable[[HttpRequest], Any]

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
#: What a form's other fields and the boundaries may add to a file.
ROOM_AROUND_A_FILE = 1024 * 1024
#: Where recordings and archives go, and several files at once.
LIBRARY = "/admin/media/"


def request_id(get_response: Answer) -> Answer:
    def middleware(request: HttpRequest) -> Any:
        known = request_ids.begin(request.headers.get("X-Request-ID"))
        response = get_response(request)
        response.headers["X-Request-ID"] = known
        return response

    return middleware


def refuse_bad_input(get_response: Answer) -> Answer:
    """No database can store a NUL, and nobody needs an endless body: say so at the door."""

    def middleware(request: HttpRequest) -> Any:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "%00" in query or "\0" in query:
            raise BadRequest("The address holds a NUL character")
        if body_size(request) > allowed_size(request):
            return too_large(request)
        return get_response(request)

    return middleware


def body_size(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0


def allowed_size(request: HttpRequest) -> int:
    if request.content_type == "multipart/form-data":
        is_library = request.path_info.startswith(LIBRARY)
        most = settings.MAX_FILE_BYTES if is_library else settings.MAX_UPLOAD_BYTES
        return most + ROOM_AROUND_A_FILE
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def too_large(request: HttpRequest) -> HttpResponse:
    words = _("This is too large: %(limit)d MB fit into one request. Nothing was changed.")
    told = words % {"limit": allowed_size(request) // 2**20}
    if not request.accepts("text/plain"):
        return JsonResponse({"error": told, "code": "too_large"}, status=413)
    return HttpResponse(told, status=413, content_type="text/plain; charset=utf-8")


def security_headers(get_response: Answer) -> Answer:
    """The policy as Django 6 names it: SECURE_CSP, or `response._csp_config` of a view."""
    usual = csp.header(settings.SECURE_CSP)

    def middleware(request: HttpRequest) -> Any:
        response = get_response(request)
        # Django's own error pages for developers live from inline styles and scripts.
        if not (settings.DEBUG and response.status_code >= 400):
            own = getattr(response, "_csp_config", None)
            value = usual if own is None else csp.header(own)
            response.headers.setdefault("Content-Security-Policy", value)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if settings.ENV == "staging":
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return middleware
