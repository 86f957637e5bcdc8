"""Views are counted in memory, as kept pages ask no database, and written every few seconds.

Nothing here may cost readers anything; what fails is told to the log. No address of a reader is
kept: programs that fetch feeds are told apart by a keyed hash, until the day is over.
"""

import atexit
import logging
import os
from collections import deque
from contextlib import suppress
from datetime import date, datetime
from threading import Event, Lock, Thread
from time import sleep, time
from wsgiref.types import WSGIEnvironment

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from blogsite.lib.client import client_address
from blogsite.site.models import SiteSettings
from blogsite.stats.batch import PROGRAM, READERS, REFERRER, VIEWS, Batch, Key
from blogsite.stats.models import SITE
from blogsite.stats.visitors import LONGEST, ROBOT, foreign_host, is_person, subscribers

logger = logging.getLogger(__name__)

EVERY = 5
#: How browsers ask for what perhaps nobody will look at.
AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


class Tally:
    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Also in a process that was forked: what was counted is its parent's to write."""
        #: When, which page, whose program, and where from or its mark. The bound is for a database
        #: that holds the writer up: nobody reads as many in the time it usually takes.
        self._noted: deque[tuple[float, str, str, str]] = deque(maxlen=100_000)
        self._batch, self._starting, self._writing = Batch(), Lock(), Lock()
        self._wake, self._away = Event(), False
        self._thread: Thread | None = None

    def note(self, name: str, environ: WSGIEnvironment) -> None:
        """Somebody saw a page that its view calls `name`. The writer finds out what that counts."""
        try:
            if environ["REQUEST_METHOD"] != "GET" or not environ.keys().isdisjoint(AHEAD):
                return
            agent = environ.get("HTTP_USER_AGENT", "")[:LONGEST]
            more = environ.get("HTTP_REFERER", "")[:LONGEST]
            if "1" in (environ.get("HTTP_DNT"), environ.get("HTTP_SEC_GPC")):
                more = ""
            elif name == "feed":
                more = _mark(environ, agent)
            self._noted.append((time(), name, agent, more))
            if not self._wake.is_set():
                self._wake_writer()
        except Exception:
            logger.exception("views.uncounted")

    def flush(self) -> None:
        """Write what was counted. What cannot be written is kept, within bounds, and added up."""
        with self._writing:
            self._add_up()
            try:
                if self._batch:
                    self._batch.write()
                self._batch, self._away = Batch(), False
            except Exception as problem:
                if not self._away:
                    logger.warning("views.unwritten: kept in memory until it works: %s", problem)
                self._away = True
                self._wake.set()

    def _add_up(self) -> None:
        zone = SiteSettings.last_seen().zone
        while self._noted:
            moment, name, agent, more = self._noted.popleft()
            try:
                day = datetime.fromtimestamp(moment, zone).date()
                for key, number in _counted(name, agent, more, day):
                    self._batch.count(key, number)
            except Exception:
                logger.exception("views.uncounted")

    def _wake_writer(self) -> None:
        with self._starting:
            # Begun by the first reader: a thread from before the server forked is not here.
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="views", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while self._wake.wait():
            sleep(EVERY)
            self._wake.clear()
            self.flush()
            with suppress(Exception):
                connection.close()


def begin() -> Tally:
    """The tally of this process, which is written at its end, too."""
    tally = Tally()
    atexit.register(tally.flush)
    os.register_at_fork(after_in_child=tally.begin_anew)
    return tally


def _mark(environ: WSGIEnvironment, agent: str) -> str:
    """Of a program that fetches a feed. A person who opens it in a browser has no reader."""
    if not agent or ROBOT.search(agent) or environ.get("HTTP_SEC_FETCH_DEST") == "document":
        return ""
    today = datetime.now(SiteSettings.last_seen().zone).date()
    seed = f"{today} {client_address(environ, settings.TRUSTED_PROXY_COUNT)} {agent}"
    return salted_hmac("blogsite.stats", seed, algorithm="sha256").hexdigest()[:32]


def _counted(name: str, agent: str, more: str, day: date) -> list[tuple[Key, int]]:
    """Of a feed its programs, of a page its persons and where they came from."""
    if name == "feed":
        if service := subscribers(agent):
            return [((READERS, day, SITE, service[0]), service[1])]
        return [((PROGRAM, day, SITE, more), 1)] if more else []
    if not is_person(agent):
        return []
    post = SITE if name == "home" else int(name.removeprefix("post:"))
    view: Key = (VIEWS, day, post, "")
    host = foreign_host(more) if more else ""
    return [(view, 1), ((REFERRER, day, post, host), 1)] if host else [(view, 1)]
