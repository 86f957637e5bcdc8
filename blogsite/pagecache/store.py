"""The kept copies of this process, within a bound of bytes.

A copy is right as long as nothing it shows changes after its first query began. So a page is
announced (`begin`) before that query; what changes from then on is held against the draft, and
later against the copy: nothing slips in between.
"""

from threading import Lock
from time import monotonic

from blogsite.pagecache.copies import Copy
from blogsite.pagecache.public import Draft

#: Scheme, host, path, and the declared parameters of the query.
Key = tuple[str, str, str, str]


class Store:
    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._copies: dict[Key, Copy] = {}
        self._drafts: set[Draft] = set()
        self._lock = Lock()

    def get(self, key: Key) -> Copy | None:
        if copy := self._copies.get(key):  # without the lock: no reader waits for another
            copy.asked_at = monotonic()
        return copy

    def begin(self, names: frozenset[str], keep: bool) -> Draft:
        draft = Draft(set(names), keep, monotonic())
        with self._lock:
            self._drafts.add(draft)
        return draft

    def drop(self, draft: Draft) -> None:
        with self._lock:
            self._drafts.discard(draft)

    def finish(self, key: Key, draft: Draft, copy: Copy) -> None:
        """Keep what came of the draft. Where nothing did, the old copy is wrong as well."""
        with self._lock:
            self._drafts.discard(draft)
            copy.hold_against(draft)
            if copy.keep and not copy.removed:
                self._put(key, copy)
            elif not copy.failed:
                self._take(key)

    def press(self, key: Key, copy: Copy) -> None:
        copy.press()
        with self._lock:
            if self._copies.get(key) is copy:
                self._put(key, copy)

    def mark(self, moved: set[str], removed: set[str], noticed: float) -> None:
        """These changed: copies that show them age; where something was removed, they go."""
        if not moved:
            return
        with self._lock:
            for draft in self._drafts:
                draft.moved |= moved
                draft.removed |= removed
                draft.noticed = min(draft.noticed, noticed)
            for key, copy in list(self._copies.items()):
                if not removed.isdisjoint(copy.names):
                    self._take(key)
                elif not moved.isdisjoint(copy.names):
                    copy.age(noticed)

    def _put(self, key: Key, copy: Copy) -> None:
        size = copy.measure() + sum(map(len, key))
        if size > self.limit:
            self._take(key)
            return  # or it would drive out all the others
        self.size += size - getattr(self._copies.get(key), "size", 0)
        copy.size, self._copies[key] = size, copy
        while self.size > self.limit:
            self._take(min(self._copies, key=lambda key: self._copies[key].asked_at))

    def _take(self, key: Key) -> None:
        if copy := self._copies.pop(key, None):
            self.size -= copy.size
