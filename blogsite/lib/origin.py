"""Did this form come from one of our own pages? Asked where there is no token to ask.

Browsers say so in up to three headers. The first one that speaks decides:

- `Sec-Fetch-Site`, which no page can forge: only `same-origin` is ours. `none` means that the
  visitor began it without a page; it speaks neither for nor against, so the next one is asked.
- `Origin`: must be ours. `null` is what foreign frames and redirects send.
- `Referer`: the origin in it must be ours.

A proxy may take HTTPS off without telling us, so behind one an origin that differs from ours
in nothing but `https` for `http` is ours too, with a warning: the set-up should be mended.
"""

from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from django.http import HttpRequest

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Verdict:
    """Compare with the three below; `warn` does not count in comparisons."""

    name: str
    warn: bool = field(default=False, compare=False)

    SAME: ClassVar["Verdict"]
    FOREIGN: ClassVar["Verdict"]
    NO_EVIDENCE: ClassVar["Verdict"]


Verdict.SAME = Verdict("same")
Verdict.FOREIGN = Verdict("foreign")
Verdict.NO_EVIDENCE = Verdict("no evidence")


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
    if theirs and theirs == _parts(f"{scheme}://{host}"):
        return Verdict.SAME
    if behind_tls_proxy and scheme == "http" and theirs and theirs == _parts(f"https://{host}"):
        return Verdict("same", warn=True)
    return Verdict.FOREIGN


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
