from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blogsite.pagecache.copies import best_encoding
from blogsite.site.look import sheet_by_digest
from blogsite.site.models import SiteSettings

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60"


@require_safe
def look(request: HttpRequest, digest: str) -> HttpResponse:
    """The site's style sheet for one kind of page: with it the digest begins.

    Whoever holds an old page asks for an old digest: they get today's sheet, to be asked for
    again soon, because a page in outdated colours is better than one in none.
    """
    kind = digest.rpartition("-")[0]
    made = sheet_by_digest(digest) or SiteSettings.at_hand().look_sheet(kind)
    response = HttpResponse(content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER if made.digest == digest else FOR_A_MINUTE
    response["Vary"] = "Accept-Encoding"
    encoding = best_encoding(request.headers.get("Accept-Encoding", ""))
    response.content = getattr(made, encoding or "css")
    if encoding:
        response["Content-Encoding"] = encoding
    return response


look.needs_site = False  # type: ignore[attr-defined]
