"""Stamps tell every process which pages have changed. Whoever writes moves them.

All stamps of a transaction are written last and in sorted order, whatever services it passed
through: otherwise two writers that touch the same pages wait for each other's rows. Django has
no hook before a commit, so the first touch puts one on this thread's connection. Until then
touches wait in Django's list of commit callbacks, which forgets those that are rolled back,
savepoints included.
"""

import time
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

#: The database's clock: the processes' own may differ from each other.
CLOCKS = {
    "postgresql": "clock_timestamp()",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')",
}
WRITE = """
INSERT INTO pagecache_pagestamp (key, version, moved_at, removed_at) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
    version = pagecache_pagestamp.version + 1,
    moved_at = excluded.moved_at,
    removed_at = coalesce(excluded.removed_at, pagecache_pagestamp.removed_at)
"""
ROWS_AT_ONCE = 500
SECONDS_TO_LOOK = 60


class Touch:
    def __init__(self, keys: tuple[str, ...], removed: bool) -> None:
        self.keys, self.removed, self.written = keys, removed, False

    def __call__(self) -> None:
        if not self.written:  # something committed around the hook: late is better than never
            with transaction.atomic():
                _write([self])


def stamping() -> transaction.Atomic:
    """A transaction whose touches become stamps when the outermost one commits."""
    return transaction.atomic()


def touch(*keys: str, removed: bool = False) -> None:
    """Pages that depend on these have changed; `removed`: nobody may see the old ones again."""
    with transaction.atomic(savepoint=False):
        transaction.on_commit(Touch(keys, removed))
        here = vars(transaction.get_connection())
        here.setdefault("commit", partial(_stamp_and_commit, transaction.get_connection()))


def pending() -> dict[str, bool]:
    """What the transaction under way has touched so far, and whether it was removed."""
    return _merged(_touches(connection))


def stamp_address(url: str) -> str:
    """The address for the writer's redirect: whichever process answers looks before it does."""
    parts = urlsplit(url)
    fields = [field for field in parse_qsl(parts.query, True) if field[0] != "at"]
    return urlunsplit(parts._replace(query=urlencode([*fields, ("at", f"{time.time():.0f}")])))


def asks_to_look(at: str) -> bool:
    """Writers share their address with others: after a minute it means nothing any more."""
    return at.isascii() and at.isdigit() and abs(time.time() - int(at[:12])) < SECONDS_TO_LOOK


def _stamp_and_commit(connection: BaseDatabaseWrapper) -> None:
    try:
        _write(_touches(connection))
    except BaseException:
        # Of what a commit can raise Django undoes only the database's own errors.
        connection.rollback()
        raise
    type(connection).commit(connection)


def _touches(connection: BaseDatabaseWrapper) -> list[Touch]:
    return [entry[1] for entry in connection.run_on_commit if isinstance(entry[1], Touch)]


def _merged(touches: list[Touch]) -> dict[str, bool]:
    merged: dict[str, bool] = {}
    for one in touches:
        merged |= {key: one.removed or merged.get(key, False) for key in one.keys}
    return merged


def _write(touches: list[Touch]) -> None:
    clock, keys = CLOCKS[connection.vendor], sorted(_merged(touches).items())
    for start in range(0, len(keys), ROWS_AT_ONCE):
        part = keys[start : start + ROWS_AT_ONCE]
        rows = (f"(%s, 1, {clock}, {clock if removed else 'NULL'})" for _, removed in part)
        with connection.cursor() as cursor:
            cursor.execute(WRITE.format(rows=", ".join(rows)), [key for key, _ in part])
    for one in touches:
        one.written = True
