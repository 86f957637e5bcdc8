"""One finished answer, ready to be sent any number of times."""

import gzip
from functools import lru_cache
from hashlib import blake2b
from math import inf
from time import monotonic, time
from wsgiref.types import WSGIEnvironment

import brotli
from django.conf import settings
from django.utils.http import http_date, parse_http_date_safe

from blogsite.pagecache.public import Draft

Headers = list[tuple[str, str]]

#: Heals within the hour what was written past the stamps: by SQL, or from a backup.
LONGEST = 3600
#: How long after a change was noticed the old page may serve while it is rendered anew.
GRACE = 0.3
#: A validator in whole seconds is safe once the page cannot change within its second any more.
SETTLING = 2
AT_THE_EDGE = "public, max-age=0, must-revalidate, s-maxage="
EDGE_SECONDS = 60
UNBOUNDED = f"{AT_THE_EDGE}{EDGE_SECONDS}, stale-while-revalidate=60, stale-if-error=86400"
OURS = {"cache-control", "content-length", "etag", "last-modified", "vary", "x-request-id"}
#: Each header costs the server as much as a third of our own code. Where a content security
#: policy is sent it says the first two already, no frames and no script of strangers; the third
#: keeps openers away from what a visitor's page knows, and a public page knows nothing.
SAID_BY_POLICY = {"x-frame-options", "permissions-policy", "cross-origin-opener-policy"}
OVERHEAD = 4000


class Copy:
    def __init__(
        self, draft: Draft, status: str, headers: Headers, body: bytes, *, streaming: bool = False
    ) -> None:
        self.status, self.names, self.personal = status, frozenset(draft.names), draft.personal
        self.obstacle = _obstacle(draft, status, headers, streaming)
        self.keep = draft.keep and not self.obstacle
        self.is_page = status.startswith("200") and not draft.personal
        self.counted_as = draft.counted_as if self.is_page else ""
        self.failed = status >= "5"
        self.share = not any(name == "Set-Cookie" for name, _ in headers)
        self.removed, self.size, self.tag, self.asked_at = False, 0, "", draft.began
        since_epoch = time() - monotonic()
        self.until = draft.until - since_epoch
        self.fresh_until = self.usable_until = min(self.until, draft.began + LONGEST)
        self.settled_at = draft.began + SETTLING
        self.modified = int(draft.began + since_epoch)
        self.last_modified = ("Last-Modified", http_date(self.modified))
        self.headers = _unkept(headers) if self.obstacle else self._public(headers, body)
        #: With a 304, where the rest is as it was; Cache-Control comes along.
        self.short = [header for header in self.headers if header[0] in ("ETag", "Vary")]
        self.forms = dict.fromkeys(("br", "gzip", ""), self._form("", body))

    def _public(self, headers: Headers, body: bytes) -> Headers:
        has_policy = any(name == "Content-Security-Policy" for name, _ in headers)
        dropped = OURS | SAID_BY_POLICY if has_policy else OURS
        theirs = [header for header in headers if header[0].lower() not in dropped]
        # Weak, as the same page in another compression is the same page. The headers count: a
        # browser that hears "unchanged" goes on with the policy it has got.
        seed = repr((settings.RELEASE_ID, theirs)).encode() + body
        self.tag = f'"{blake2b(seed, digest_size=9).hexdigest()}"'
        return [
            *theirs,
            ("Vary", "Accept-Encoding"),
            ("ETag", f"W/{self.tag}"),
            ("Cache-Tag", ",".join(sorted(self.names))),
        ]

    def _form(self, encoding: str, body: bytes) -> tuple[Headers, bytes]:
        named = [("Content-Encoding", encoding)] if encoding else []
        return [*self.headers, *named, ("Content-Length", str(len(body)))], body

    def press(self) -> None:
        """Compress; a form that gains nothing stays as it is."""
        plain = self.forms[""][1]
        small = {"br": brotli.compress(plain, quality=5), "gzip": gzip.compress(plain, 6, mtime=0)}
        self.forms |= {e: self._form(e, b) for e, b in small.items() if len(b) < len(plain)}

    def measure(self) -> int:
        return OVERHEAD + sum({id(body): len(body) for _, body in self.forms.values()}.values())

    def age(self, noticed: float) -> None:
        self.fresh_until = min(self.fresh_until, noticed)
        self.usable_until = min(self.usable_until, noticed + GRACE)

    def hold_against(self, draft: Draft) -> None:
        """What changed while this was rendered. A missing page may show up by any change."""
        if draft.moved if self.obstacle else not draft.moved.isdisjoint(self.names):
            self.age(draft.noticed)
        self.removed = not draft.removed.isdisjoint(self.names)

    def answers(self, environ: WSGIEnvironment, now: float) -> bool:
        """Whether the reader has this very page already."""
        if not self.tag:
            return False
        if (tags := environ.get("HTTP_IF_NONE_MATCH")) is not None:
            return self.tag in tags or tags.strip() == "*"
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        moment = parse_http_date_safe(since) if since and now >= self.settled_at else None
        return moment is not None and moment >= self.modified

    def passing(self, now: float) -> Headers:
        """What depends on the moment of sending."""
        if self.obstacle:
            return []
        if self.until == inf:
            lifetime = UNBOUNDED
        else:
            lifetime = f"{AT_THE_EDGE}{max(0, min(EDGE_SECONDS, int(self.until - now)))}"
        settled = [self.last_modified] if now >= self.settled_at else []
        return [("Cache-Control", lifetime), *settled]


def _unkept(headers: Headers) -> Headers:
    """As Django said it. Browsers would keep a redirect for ever if nobody told them not to."""
    mine = ("content-length", "x-request-id")
    kept = [header for header in headers if header[0].lower() not in mine]
    if not any(name == "Cache-Control" for name, _ in headers):
        kept.append(("Cache-Control", "no-cache"))
    return kept


def _obstacle(draft: Draft, status: str, headers: Headers, streaming: bool) -> str:
    """Why an answer cannot be kept, or nothing."""
    if draft.personal or not status.startswith("200"):
        return f"it is personal, or no page: {status}"
    found = {name.lower(): value.lower() for name, value in headers}
    if streaming or not found.keys().isdisjoint({"set-cookie", "content-encoding"}):
        return "it streams, sets a cookie or is encoded already"
    if found.get("vary", "accept-encoding") != "accept-encoding":
        return f"it varies by {found['vary']}"
    control = found.get("cache-control", "")
    return f"it says {control}" if "no-" in control or "private" in control else ""


@lru_cache(100)
def best_encoding(accepted: str) -> str:
    offers = dict.fromkeys(("br", "gzip"), False)
    for offer in accepted.lower().split(","):
        name, _, quality = offer.replace(" ", "").partition(";q=")
        offers[name] = quality not in ("0", "0.", "0.0", "0.00", "0.000")
    return next((name for name in ("br", "gzip") if offers[name]), "")
