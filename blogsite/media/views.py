"""Uploads, from wherever they are stored, under an address that stays."""

import logging
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blogsite.media import ranges
from blogsite.media.kinds import headers_for
from blogsite.media.showing import replacement

logger = logging.getLogger(__name__)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
FOR_EVER = "public, max-age=31536000, immutable"
#: Where the bucket is may change, so a browser asks again now and then.
FOR_A_DAY = "public, max-age=86400"
RETRY_AFTER_SECONDS = 30


@require_safe
def serve(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """Asks no database unless that holds the file: pictures go on showing while it is away."""
    etag = _etag(digest, name)
    # Where there is a tag it counts alone, and the file need not be looked at; * is any there is.
    is_named = request.headers.get("If-None-Match", "*").strip() != "*"
    if is_named and (known := get_conditional_response(request, etag)):
        return _marked(known, etag)
    try:
        return _answer(request, f"{digest}/{name}", etag)
    except (FileNotFoundError, IsADirectoryError):
        return _moved(f"{digest}/{name}")
    except Exception:
        # Each storage fails in its own words; none of them is the reader's fault or ours.
        logger.exception("the storage of uploads does not answer")
        return _away()


serve.needs_site = False  # type: ignore[attr-defined]  # read by the site's middleware


def _etag(digest: str, name: str) -> str:
    """The hash is the original's; what was made of it has a name of digits and a tag of its own."""
    return f'"{digest}-{name}"' if name.partition(".")[0].isdigit() else f'"{digest}"'


def _answer(request: HttpRequest, stored: str, etag: str) -> HttpResponseBase:
    # Of a bucket that readers can reach by themselves; other storages know no such thing.
    ask = getattr(default_storage, "public_address", None)
    if ask and (address := ask(stored)):
        return _moved(stored, address)
    file = default_storage.open(stored)
    told: datetime = getattr(file, "modified_at", None) or default_storage.get_modified_time(stored)
    modified = int(told.timestamp())
    response: HttpResponseBase | None = get_conditional_response(request, etag, modified)
    if response is None:
        response = _content(request, file, headers_for(stored.rpartition("/")[2]), etag, modified)
    else:
        file.close()
    response["Last-Modified"] = http_date(modified)
    return _marked(response, etag)


def _moved(stored: str, otherwise: str = "") -> HttpResponseBase:
    """Perhaps other bytes have taken the picture's place."""
    try:
        address = replacement(stored) or otherwise
    except DatabaseError:
        if not otherwise:
            return _away()
        address = otherwise
    if not address:
        raise Http404
    return HttpResponseRedirect(address, headers=HEADERS | {"Cache-Control": FOR_A_DAY})


def _content(
    request: HttpRequest, file: Any, headers: dict[str, str], etag: str, modified: int
) -> HttpResponseBase:
    # A reader who holds a part of something else wants the whole.
    is_same = request.headers.get("If-Range", etag) in (etag, http_date(modified))
    asked = request.headers.get("Range", "") if is_same and request.method == "GET" else ""
    part = ranges.wanted(asked, file.size)
    if part is not None and not part:
        file.close()
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Content-Range": f"bytes */{file.size}", "Cache-Control": "no-store"},
        )
    sent = part or range(file.size)
    headers |= {"Accept-Ranges": "bytes", "Content-Length": str(len(sent))}
    if part:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    if request.method == "HEAD":
        file.close()
        return HttpResponse(headers=headers)
    response = StreamingHttpResponse(
        ranges.read(file, sent), status=206 if part else 200, headers=headers
    )
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]
    return response


def _marked(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    for header, value in (HEADERS | {"ETag": etag}).items():
        response[header] = value
    # A refused condition is about this request: kept on the way it would be everybody's answer.
    kept = FOR_EVER if response.status_code < HTTPStatus.BAD_REQUEST else "no-store"
    response.headers.setdefault("Cache-Control", kept)
    return response


def _away() -> HttpResponse:
    told = _("This cannot be fetched right now. Try again in a minute.")
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(told, "text/plain; charset=utf-8", 503, headers=headers)
