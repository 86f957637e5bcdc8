"""The kept copies of this process, within a bound of bytes.

A copy is right as long as nothing it shows changes after its first query began. So a page is
announced (`begin`) before that query; what changes from then on is held against the draft, and
later against the copy: nothing slips in between.
"""

from collections import OrderedDict
from threading import Lock
from time import monotonic

from blogsite.pagecache.copies import Copy
from blogsite.pagecache.public import Draft

#: Scheme, host, path, and the declared parameters of the query.
Key = tuple[str, str, str, str]


class Store:
    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._copies: OrderedDict[Key, Copy] = OrderedDict()
        self._drafts: set[Draft] = set()
        self._lock = Lock()

    def get(self, key: Key) -> Copy | None:
        with self._lock:
            copy = self._copies.get(key)
            if copy is not None:
                self._copies.move_to_end(key)
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
        self._take(key)
        copy.size = copy.measure() + sum(map(len, key))
        if copy.size > self.limit:
            return  # or it would drive out all the others
        self._copies[key] = copy
        self.size += copy.size
        while self.size > self.limit:
            self._take(next(iter(self._copies)))

    def _take(self, key: Key) -> None:
        if copy := self._copies.pop(key, None):
            self.size -= copy.size
