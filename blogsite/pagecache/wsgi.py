"""PageCache stands between the server and Django.

A kept page leaves from here in the time of a bare answer. What is not kept goes on to Django: a
public page as a request that is the same for everyone, anything else as it came.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.utils.translation import gettext

from blogsite.pagecache.copies import Copy, best_encoding
from blogsite.pagecache.door import Door, canonical_query
from blogsite.pagecache.public import Public, nothing_here
from blogsite.pagecache.rendering import Rendering
from blogsite.pagecache.stamps import asks_to_look
from blogsite.pagecache.store import Key, Store
from blogsite.pagecache.visit import Visit, access
from blogsite.pagecache.watch import TRUSTED, Watcher

LONGEST_ADDRESS = 8192
#: A mistake in CANONICAL_HOST must not stay in the browsers for ever.
AN_HOUR = ("Cache-Control", "public, max-age=3600")
Tell = Callable[[str, WSGIEnvironment], None]
STALE = ("Cache-Status", "Blogsite; hit; detail=stale")


class Leaving(list[bytes]):
    """A body, and what is left to do once it has left."""

    def __init__(self, body: list[bytes], close: Callable[[], None]) -> None:
        super().__init__(body)
        self.close = close


class PageCache:
    """`tell` hears of each reader who got a page with a name (`counted_as`); a signal would take
    as long as the page."""

    def __init__(self, application: WSGIApplication, tell: Tell | None = None) -> None:
        self.tell = tell
        self.application, self.door = application, Door()
        # Nothing is kept from developers: the edit of a template shows at once.
        self.store = Store(0 if settings.DEBUG else settings.PAGE_CACHE_BYTES)
        self.watcher = Watcher(self.store.mark)
        self.rendering = Rendering(application, self.store, self.watcher)
        self.logged = settings.ACCESS_LOG and access.isEnabledFor(logging.INFO)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        visit, door = Visit(environ, start, self.logged), self.door
        if door.prefix:
            door.strip_prefix(environ)
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if len(path) + len(query) > LONGEST_ADDRESS:
            sentence = gettext("This address is too long. Shorten what follows the question mark.")
            return visit.refuse("414 URI Too Long", [], f"{sentence}\n".encode())
        scheme = door.scheme(environ)
        host = door.host(environ.get("HTTP_HOST", ""), scheme)
        if door.canonical and (address := door.canonical_address(environ, scheme, host)):
            status = "301 Moved Permanently" if visit.reading else "308 Permanent Redirect"
            return visit.refuse(status, [("Location", address), AN_HOUR])
        page = door.page(path) if host and visit.reading else None
        if page is None or (door.only_https and scheme == "http"):
            return visit.pass_on(self.application)
        declared, at = canonical_query(query, page.query) if query else ("", "")
        if "%00" in declared:
            return visit.pass_on(self.application)
        wrote = bool(at) and asks_to_look(at)
        return self._public(visit, (scheme, host, path, declared), page, wrote)

    def _public(self, visit: Visit, key: Key, page: Public, wrote: bool) -> Iterable[bytes]:
        self.watcher.asked = True
        now, copy, source = visit.began, self.store.get(key), "memory"
        trusted = now - self.watcher.looked < TRUSTED and not wrote
        if copy is None or not trusted or now >= copy.fresh_until:
            copy, source = self.rendering.fetch(key, page, visit.environ, now, wrote)
            if copy.personal and ("HTTP_COOKIE" in visit.environ or copy.status[0] == "3"):
                return visit.pass_on(self.application, personal=True)
        body = self._send(visit, copy, source)
        if source == "rendered" and copy.keep:
            return Leaving(body, partial(self.store.press, key, copy))
        if copy.personal and copy.status.startswith("404"):
            return Leaving(body, partial(_tell_of_nothing, visit.environ))
        return body

    def _send(self, visit: Visit, copy: Copy, source: str) -> list[bytes]:
        headers, body = copy.forms[best_encoding(visit.environ.get("HTTP_ACCEPT_ENCODING", ""))]
        status = copy.status
        if copy.answers(visit.environ, visit.began):
            status, headers, body = "304 Not Modified", copy.short, b""
        more = copy.passing(visit.began)
        if source == "stale":
            more.append(STALE)
        if copy.counted_as and self.tell:
            self.tell(copy.counted_as, visit.environ)
        return visit.show(status, headers, more, body, source)


def _tell_of_nothing(environ: WSGIEnvironment) -> None:
    """Crowds share one answer; who asked is known only here, and told once the reader is gone."""
    try:
        nothing_here.send_robust(PageCache, request=WSGIRequest(environ))
    finally:
        request_finished.send(PageCache)  # what listeners borrowed is given back
