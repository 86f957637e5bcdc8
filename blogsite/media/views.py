"""Uploads, from wherever they are stored, under an address that stays."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blogsite.media.decoding import FORMATS

logger = logging.getLogger(__name__)

#: Shown inside a page. They were decoded before they were stored; all else is a download.
SHOWN = {extension: mime for mime, extension in FORMATS.values()}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=31536000, immutable",
}
RETRY_AFTER_SECONDS = 30


@require_safe
def serve(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """Asks no database: pictures go on showing while it is away, as the kept pages do."""
    etag = f'"{digest}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    # A proxy that compressed the answer has made the tag a weak one.
    if etag in known or f"W/{etag}" in known:
        return _marked(HttpResponseNotModified(), etag)
    try:
        response = _answer(request, f"{digest}/{name}")
    except (FileNotFoundError, IsADirectoryError):
        raise Http404 from None
    except Exception:
        # Each storage fails in its own words; none of them is the reader's fault or ours.
        logger.exception("the storage of uploads does not answer")
        return _away()
    return _marked(response, etag)


serve.needs_site = False  # type: ignore[attr-defined]  # read by the site's middleware


def _answer(request: HttpRequest, stored: str) -> HttpResponseBase:
    name = stored.partition("/")[2]
    mime = SHOWN.get(name.rpartition(".")[2])
    content_type = mime or "application/octet-stream"
    file = default_storage.open(stored)
    size = file.size
    response: HttpResponseBase
    if request.method == "HEAD":
        file.close()
        response = HttpResponse(content_type=content_type)
    else:
        response = FileResponse(file, content_type=content_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = "inline" if mime else f'attachment; filename="{name}"'
    return response


def _marked(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    for header, value in HEADERS.items():
        response[header] = value
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
