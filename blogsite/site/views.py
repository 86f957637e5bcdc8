import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blogsite.site.look import Sheet, sheet, sheet_by_digest
from blogsite.site.models import SiteSettings

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60"


@require_safe
def look(request: HttpRequest, digest: str) -> HttpResponse:
    """The site's style sheet.

    Whoever holds an old page asks for an old digest: they get today's sheet, to be asked for
    again soon, because a page in outdated colours is better than one in none.
    """
    made = sheet_by_digest(digest) or todays_sheet()
    response = HttpResponse(content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER if made.digest == digest else FOR_A_MINUTE
    response["Vary"] = "Accept-Encoding"
    encoding, response.content = packed(made, request.headers.get("Accept-Encoding", ""))
    if encoding:
        response["Content-Encoding"] = encoding
    return response


look.needs_site = False  # type: ignore[attr-defined]


def todays_sheet() -> Sheet:
    site = SiteSettings.at_hand()
    return sheet(site.accent, site.paper, site.width, bool(site.logo_id))


def packed(made: Sheet, accepted: str) -> tuple[str, bytes]:
    """The smallest form the browser takes. It was compressed once, when it was made."""
    offers = {name.strip().lower() for name in re.split(r";[^,]*,?|,", accepted)}
    if "br" in offers:
        return "br", made.br
    if "gzip" in offers:
        return "gzip", made.gzip
    return "", made.css
