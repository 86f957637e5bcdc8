"""Did this form come from one of our own pages? Asked where there is no token to ask.

Browsers say so in up to three headers. The first one that speaks decides:

- `Sec-Fetch-Site`, which no page can forge: only `same-origin` is ours. `none` means that the
  visitor began it without a page; it speaks neither for nor against, so the next one is asked.
- `Origin`: must be ours. `null` is what foreign frames and redirects send.
- `Referer`: the origin in it must be ours.

A proxy may take HTTPS off without telling us, so behind one an origin that differs from ours
in nothing but `https` for `http` is ours too.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest

PORTS = {"http": 80, "https": 443}


def is_ours(request: HttpRequest, *, behind_tls_proxy: bool) -> bool:
    """Also False where nothing is said."""
    sec_fetch_site = request.headers.get("Sec-Fetch-Site")
    if sec_fetch_site and sec_fetch_site != "none":
        return sec_fetch_site == "same-origin"
    theirs = _parts(request.headers.get("Origin") or request.headers.get("Referer") or "")
    scheme = request.scheme or ""
    schemes = {scheme, "https"} if behind_tls_proxy and scheme == "http" else {scheme}
    ours = [_parts(f"{one}://{request.get_host()}") for one in schemes]
    return theirs is not None and theirs in ours


def _parts(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a web address; None for `null` and anything odd."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
