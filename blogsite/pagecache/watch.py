"""The thread that notices changes, so that no reader ever asks the database for them.

It looks twice a second while somebody reads. Each time it takes all stamps moved in the last two
minutes and compares versions: a transaction may commit long after it took its time, so asking
for "newer than the last one seen" would lose it. Two minutes are longer than any transaction of
ours may last. They are counted back from the newest stamp seen, so nothing is lost to a rest or
to an outage, however long.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import inf
from threading import Condition, Event, Thread
from time import monotonic

from django.db import connection
from django.db.models import Max
from django.utils import timezone

logger = logging.getLogger(__name__)

EVERY = 0.5
#: Knowledge older than this is not served as fresh. With the grace of a copy that makes 0.9 s.
TRUSTED = 0.6
#: What a reader waits for the look after a rest; a look that takes longer keeps nobody.
PATIENCE = 0.25
WINDOW = timedelta(minutes=2)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Mark = Callable[[set[str], set[str], float], None]


class Watcher:
    def __init__(self, mark: Mark) -> None:
        #: When the last look that succeeded began; whether somebody read since then.
        self.looked, self.asked = -inf, False
        self._away = False
        self._began: float | None = None  # while a look is under way
        self._mark = mark
        self._seen: dict[str, int] = {}
        self._newest: datetime | None = None
        self._wake, self._turn, self._stopped = Event(), Condition(), False
        self._thread: Thread | None = None

    def catch_up(self, since: float) -> bool:
        """Whether what is known is from `since` or later, after a short wait if it is not.

        While the database is away nobody waits for it: the thread goes on trying by itself.
        """
        if self.looked < since:
            with self._turn:
                self._start()
                self._wake.set()
                under_way = monotonic() - self._began if self._began else 0
                self._turn.wait_for(
                    lambda: self._away or self.looked >= since, PATIENCE - under_way
                )
        return self.looked >= since

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()
        if self._thread:
            self._thread.join()

    def _start(self) -> None:
        """Begun by the first reader: a thread from before the server forked is not here."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._run, name="page stamps", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._stopped:
            if not self._wake.wait(EVERY) and not self.asked and not self._away:
                connection.close()
                self._wake.wait()
            self._wake.clear()
            self.asked = False
            self._look()
        connection.close()

    def _look(self) -> None:
        began = self._began = monotonic()
        try:
            self._compare(began)
            self.looked = began
            if self._away:
                logger.info("stamps.readable: kept pages are checked again")
            self._away = False
        except Exception as problem:
            if not self._away:
                logger.warning("stamps.unreadable: kept pages are served as they are: %s", problem)
            self._away = True
            with suppress(Exception):
                connection.close()
        with self._turn:
            self._began = None
            self._turn.notify_all()

    def _compare(self, now: float) -> None:
        # Not above: this module is loaded before the models may be.
        from blogsite.pagecache.models import PageStamp

        if self._newest is None:
            self._newest = PageStamp.objects.aggregate(at=Max("moved_at"))["at"] or LONG_AGO
        # A stamp from a clock that was wrong must not blind us for what comes after it.
        since = min(self._newest, timezone.now()) - WINDOW
        stamps = list(PageStamp.objects.filter(moved_at__gt=since))
        connection.close_if_unusable_or_obsolete()
        moved = {one.key for one in stamps if self._seen.get(one.key) != one.version}
        removed = {one.key for one in stamps if one.removed_at and one.removed_at > since}
        self._mark(moved, moved & removed, now)
        self._seen = {one.key: one.version for one in stamps}
        self._newest = max([self._newest, *(one.moved_at for one in stamps)])
