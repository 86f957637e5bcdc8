"""From a public view to a copy: rendered once, however many readers wait for it."""

import logging
from io import BytesIO
from math import inf
from threading import Event
from time import monotonic
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from blogsite.pagecache.copies import Copy, Headers
from blogsite.pagecache.public import DRAFT, Draft, Public
from blogsite.pagecache.store import Key, Store
from blogsite.pagecache.watch import TRUSTED, Watcher

logger = logging.getLogger(__name__)

LONGEST_KEPT_QUERY = 300
#: Seconds to wait for the reader who renders: with an old copy at hand, and without.
WITH_A_COPY, WITHOUT = 1, 25
FROM_THE_SERVER = ("SERVER_NAME", "SERVER_PORT", "wsgi.errors", "wsgi.version")


class Flight:
    def __init__(self) -> None:
        self.began, self.landed = monotonic(), Event()
        self.copy: Copy | None = None


class Rendering:
    def __init__(self, application: WSGIApplication, store: Store, watcher: Watcher) -> None:
        self.application, self.store, self.watcher = application, store, watcher
        self._flights: dict[Key, Flight] = {}
        self._told: set[Public] = set()

    def fetch(
        self, key: Key, page: Public, environ: WSGIEnvironment, began: float, wrote: bool
    ) -> tuple[Copy, str]:
        """The page and where it came from; who just wrote gets nothing older than that."""
        known = self.watcher.catch_up(began if wrote else began - TRUSTED)
        old = self.store.get(key)
        if old and not known:
            return old, "stale"
        if old and monotonic() < old.fresh_until:
            return old, "memory"
        copy, source = self._fly(key, page, environ, None if wrote else old)
        kept = self.store.get(key) if copy.failed else None
        return (kept, "stale") if kept else (copy, source)

    def _fly(
        self, key: Key, page: Public, environ: WSGIEnvironment, old: Copy | None
    ) -> tuple[Copy, str]:
        asked = monotonic()
        while True:
            mine = Flight()
            flight = self._flights.setdefault(key, mine)
            if flight is mine:
                return self._lead(flight, key, page, environ), "rendered"
            if old and monotonic() < old.usable_until:
                return old, "stale"
            patience = flight.began + (WITH_A_COPY if old else WITHOUT) - monotonic()
            landed, copy = flight.landed.wait(max(0, patience)), flight.copy
            if not landed and old and (kept := self.store.get(key)):
                return kept, "stale"
            if copy is None or not copy.share:
                return self._render(key, page, environ), "rendered"
            if asked < copy.fresh_until:
                return copy, "shared"
            # It began before a change that was known when we asked: once more.

    def _lead(self, flight: Flight, key: Key, page: Public, environ: WSGIEnvironment) -> Copy:
        try:
            kept = self.store.get(key)  # may have landed since we looked
            fresh = kept and monotonic() < kept.fresh_until
            flight.copy = kept if kept and fresh else self._render(key, page, environ)
            return flight.copy
        finally:
            del self._flights[key]
            flight.landed.set()

    def _render(self, key: Key, page: Public, environ: WSGIEnvironment) -> Copy:
        keep = self.watcher.looked > -inf and len(key[3]) <= LONGEST_KEPT_QUERY
        draft = self.store.begin(page.names, keep)
        try:
            copy = self._ask_django(key, draft, environ)
            self.store.finish(key, draft, copy)
        finally:
            self.store.drop(draft)
        if copy.obstacle and copy.is_page and page not in self._told:
            self._told.add(page)
            logger.warning("page.unkept: %s: %s", key[2], copy.obstacle)
        # What was removed while we rendered may be on the page: nobody gets to see that.
        return self._render(key, page, environ) if copy.removed else copy

    def _ask_django(self, key: Key, draft: Draft, environ: WSGIEnvironment) -> Copy:
        sent: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *_: object) -> Any:
            sent.append((status, headers))

        response: Any = self.application(_anonymous(key, draft, environ), start)
        try:
            body = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        return Copy(draft, *sent[-1], body, streaming=getattr(response, "streaming", False))


def _anonymous(key: Key, draft: Draft, environ: WSGIEnvironment) -> WSGIEnvironment:
    """A request that holds what the key holds and nothing of the reader who happens to ask."""
    scheme, host, path, query = key
    return {
        **{name: environ[name] for name in FROM_THE_SERVER if name in environ},
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": environ.get("SCRIPT_NAME", ""),
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "",
        "HTTP_HOST": host,
        "HTTP_X_FORWARDED_PROTO": scheme,
        "HTTP_X_REQUEST_ID": environ["HTTP_X_REQUEST_ID"],
        "wsgi.url_scheme": scheme,
        "wsgi.input": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        DRAFT: draft,
    }
