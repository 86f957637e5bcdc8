"""Did this form come from one of our own pages? Asked where there is no token to ask.

Browsers say so in up to three headers. The first one that speaks decides:

- `Sec-Fetch-Site`, which no page can forge: only `same-origin` is ours. `none` means that the
  visitor began it without a page; it speaks neither for nor against, so the next one is asked.
- `Origin`: must be ours. `null` is what foreign frames and redirects send.
- `Referer`: the origin in it must be ours.

A proxy may take HTTPS off without telling us, so behind one an origin that differs from ours
in nothing but `https` for `http` is ours too.
"""

from enum import Enum
from urllib.parse import urlsplit

from django.http import HttpRequest

PORTS = {"http": 80, "https": 443}


class Verdict(Enum):
    SAME = "same"
    FOREIGN = "foreign"
    NO_EVIDENCE = "no evidence"


def judge(
    *,
    sec_fetch_site: str | None,
    origin: str | None,
    referer: str | None,
    host: str,
    scheme: str,
    behind_tls_proxy: bool,
) -> Verdict:
    """`host` is the validated host of the request, with its port if it has one."""
    if sec_fetch_site and sec_fetch_site != "none":
        return Verdict.SAME if sec_fetch_site == "same-origin" else Verdict.FOREIGN
    evidence = origin or referer
    if not evidence:
        return Verdict.NO_EVIDENCE
    theirs = _parts(evidence)
    schemes = {scheme, "https"} if behind_tls_proxy and scheme == "http" else {scheme}
    ours = [_parts(f"{one}://{host}") for one in schemes]
    return Verdict.SAME if theirs and theirs in ours else Verdict.FOREIGN


def judge_request(request: HttpRequest, *, behind_tls_proxy: bool) -> Verdict:
    return judge(
        sec_fetch_site=request.headers.get("Sec-Fetch-Site"),
        origin=request.headers.get("Origin"),
        referer=request.headers.get("Referer"),
        host=request.get_host(),
        scheme=request.scheme or "",
        behind_tls_proxy=behind_tls_proxy,
    )


def _parts(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a web address; None for `null` and anything odd."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
