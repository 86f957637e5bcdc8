"""One request on its way through, and the line in the log that says it was here."""

import json
import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from time import gmtime, monotonic, strftime, time
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from blogsite.lib import request_id
from blogsite.pagecache.copies import Headers

access = logging.getLogger("blogsite.access")
STDOUT, LONGEST_LOGGED = 1, 500
PLAIN = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
UNSHARED = ("Cache-Control", "private, no-store")


class Visit:
    __slots__ = ("began", "environ", "id", "logged", "reading", "start")

    def __init__(self, environ: WSGIEnvironment, start: StartResponse, logged: bool) -> None:
        self.began = monotonic()
        self.environ, self.start, self.logged = environ, start, logged
        self.reading = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        self.id = environ["HTTP_X_REQUEST_ID"] = request_id.begin(environ.get("HTTP_X_REQUEST_ID"))

    def show(
        self, status: str, headers: Headers, more: Headers, body: bytes, source: str
    ) -> list[bytes]:
        """A public page, wherever it comes from."""
        if self.environ["REQUEST_METHOD"] == "HEAD":
            body = b""
        self.start(status, [*headers, *more, ("X-Request-ID", self.id)])
        if self.logged:
            self._write_line(status, len(body), source)
        return [body]

    def refuse(self, status: str, headers: Headers, body: bytes = b"") -> Iterable[bytes]:
        """An answer of our own; its address is logged with the care it gets from Django."""

        def application(_: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            length = ("Content-Length", str(len(body)))
            start(status, [*PLAIN, *headers, length, ("X-Request-ID", self.id)])
            return [b"" if self.environ["REQUEST_METHOD"] == "HEAD" else body]

        return self.pass_on(application)

    def pass_on(self, application: WSGIApplication, personal: bool = False) -> Iterable[bytes]:
        """Django's answer to the request as it came. A personal one is for nobody else to keep."""
        seen: dict[str, Any] = {"source": "application"}

        def start(status: str, headers: Headers, failure: Any = None, /) -> Any:
            seen["status"] = int(status[:3])
            if personal:
                headers = [header for header in headers if header[0] != UNSHARED[0]] + [UNSHARED]
            return self.start(status, headers, failure)

        response = application(self.environ, start)
        if self.logged:
            # Its address may hold a secret, so it goes the way that hides them.
            access.info(self._request_line(), extra=seen | {"ms": self._milliseconds()})
        return response

    def _write_line(self, status: str, size: int, source: str) -> None:
        """Looks like every other line, but made by hand: the logger takes longer than the page."""
        now = time()
        line = (
            f'{{"time": "{_second(int(now))}.{int(now % 1 * 1000):03}+00:00", "level": "info", '
            f'"logger": "blogsite.access", "message": {json.dumps(self._request_line())}, '
            f'"request_id": "{self.id}", "status": {status[:3]}, "bytes": {size}, '
            f'"ms": {self._milliseconds()}, "source": "{source}"}}\n'
        )
        # Where nobody listens to the log any more, readers need not hear of it.
        with suppress(OSError):
            os.write(STDOUT, line.encode())

    def _request_line(self) -> str:
        """Without the query: it says what readers search for."""
        path = self.environ["PATH_INFO"][:LONGEST_LOGGED]
        if not path.isascii():
            path = path.encode("latin-1").decode(errors="replace")
        return f"{self.environ['REQUEST_METHOD']} {path}"

    def _milliseconds(self) -> float:
        return round((monotonic() - self.began) * 1000, 2)


@lru_cache(1)
def _second(now: int) -> str:
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(now))
