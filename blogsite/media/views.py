"""Uploads, from wherever they are stored, under an address that stays."""

import logging
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_etags, parse_http_date_safe
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


class Whole(FileResponse):
    block_size = ranges.BLOCK_BYTES


@require_safe
def serve(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """Asks no database unless that holds the file: pictures go on showing while it is away."""
    etag = _etag(digest, name)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    # A proxy that compressed the answer has made the tag a weak one.
    if etag in known or f"W/{etag}" in known:
        return _marked(HttpResponseNotModified(), etag)
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
    if address := _public_address(stored):
        return _moved(stored, address)
    file = default_storage.open(stored)
    modified = _modified(file, stored)
    if _is_known(request, modified):
        file.close()
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _content(request, file, headers_for(stored.rpartition("/")[2]), etag, modified)
    response["Last-Modified"] = http_date(modified)
    return _marked(response, etag)


def _moved(stored: str, otherwise: str = "") -> HttpResponseBase:
    """Perhaps other bytes have taken the picture's place."""
    try:
        image = replacement(stored)
    except DatabaseError:
        if not otherwise:
            return _away()
        image = None
    address = image.url if image else otherwise
    if not address:
        raise Http404
    return HttpResponseRedirect(address, headers=HEADERS | {"Cache-Control": FOR_A_DAY})


def _public_address(stored: str) -> str:
    """Of a bucket that readers can reach by themselves; other storages know no such thing."""
    ask = getattr(default_storage, "public_address", None)
    return ask(stored) if ask else ""


def _modified(file: Any, stored: str) -> int:
    told: datetime = getattr(file, "modified_at", None) or default_storage.get_modified_time(stored)
    return int(told.timestamp())


def _is_known(request: HttpRequest, modified: int) -> bool:
    if "If-None-Match" in request.headers:
        return False  # It counts alone, and it was asked before.
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and modified <= since


def _content(
    request: HttpRequest, file: Any, headers: dict[str, str], etag: str, modified: int
) -> HttpResponseBase:
    size = file.size
    headers |= {"Accept-Ranges": "bytes", "Content-Length": str(size)}
    if request.method == "HEAD":
        file.close()
        return HttpResponse(headers=headers)
    try:
        part = ranges.wanted(_asked_range(request, etag, modified), size)
    except ranges.NotSatisfiable:
        file.close()
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"},
        )
    return _partial(file, part, size, headers) if part else _whole(file, headers)


def _asked_range(request: HttpRequest, etag: str, modified: int) -> str:
    """Nothing if the reader holds a part of something else and wants the whole then."""
    condition = request.headers.get("If-Range", "")
    if condition and condition not in (etag, http_date(modified)):
        return ""
    return request.headers.get("Range", "")


def _whole(file: Any, headers: dict[str, str]) -> HttpResponseBase:
    response = Whole(file)
    for header, value in headers.items():  # Django has guessed some from the name
        response[header] = value
    return response


def _partial(file: Any, part: range, size: int, headers: dict[str, str]) -> HttpResponseBase:
    response = StreamingHttpResponse(
        ranges.read(file, part), status=HTTPStatus.PARTIAL_CONTENT, headers=headers
    )
    response["Content-Length"] = str(len(part))
    response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]
    return response


def _marked(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    for header, value in HEADERS.items():
        response[header] = value
    response.headers.setdefault("Cache-Control", FOR_EVER)
    response["ETag"] = etag
    return response


def _away() -> HttpResponse:
    response = HttpResponse(
        _("This cannot be fetched right now. Try again in a minute."), status=503
    )
    response["Content-Type"] = "text/plain; charset=utf-8"
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
