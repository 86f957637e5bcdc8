"""Where nobody answers: what moved is led to, else the reader is told, with what comes near."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path

from blogsite.pagecache import is_for_everybody, personal_page
from posts.services.addresses import STRANGER, may_be_old, new_address
from posts.services.dead_addresses import note_dead_address
from posts.services.suggestions import near_posts

logger = logging.getLogger(__name__)


def not_found(request: HttpRequest, page: Callable[..., HttpResponse]) -> HttpResponse:
    """Nobody answers here: perhaps what stood here has moved. If not, the address is counted,
    and `page` says so."""
    if not may_be_old(request.path_info):
        return page(request)
    return personal_page(request, _elsewhere, page=page)


def _elsewhere(request: HttpRequest, page: Callable[..., HttpResponse]) -> HttpResponse:
    try:
        query = request.META.get("QUERY_STRING", "")
        address = new_address(request.path_info, query, reader=getattr(request, "user", STRANGER))
    except Error:
        logger.warning("notfound.unknown", exc_info=True)
        return page(request)
    if address:
        return moved(request, address)
    # Where PageCache asks, it tells of the readers itself (`nothing_here`).
    if not is_for_everybody(request) and not _wants_a_slash(request.path_info):
        note_dead_address(request)
    return page(request, near=near_posts(request.path_info))


def lead_on(get_response: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where DEBUG is on, Django answers for what is not there and asks nobody what has moved."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_lost = settings.DEBUG and response.status_code == 404
        return not_found(request, lambda *_args, **_near: response) if is_lost else response

    return answer


def _wants_a_slash(path: str) -> bool:
    """Django sends these on to the address with a slash, which is then asked for by itself."""
    return not path.endswith("/") and bool(is_valid_path(f"{path}/"))


def moved(request: HttpRequest, address: str) -> HttpResponse:
    reading = request.method in ("GET", "HEAD")
    response = HttpResponsePermanentRedirect(address, preserve_request=not reading)
    # Browsers would keep it for ever: they ask whether it is still so.
    response["Cache-Control"] = "no-cache"
    return response
