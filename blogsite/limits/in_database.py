"""Counters in a table: each step is one statement, so no two processes can miss each other."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import Error, connection, transaction

from blogsite.limits import Unavailable

#: The database's clock: processes on several machines must agree on when a window ends.
CLOCKS = {
    "postgresql": "extract(epoch from statement_timestamp())::bigint",
    "sqlite": "cast(strftime('%%s', 'now') AS integer)",
}
ADD = """
INSERT INTO limits_counter (name, count, expires_at) VALUES (%s, 1, {now} + %s)
ON CONFLICT (name) DO UPDATE SET
    count = CASE WHEN limits_counter.expires_at > {now} THEN limits_counter.count + 1 ELSE 1 END,
    expires_at = CASE WHEN limits_counter.expires_at > {now}
        THEN limits_counter.expires_at ELSE excluded.expires_at END
RETURNING count
"""
COUNT = "SELECT count FROM limits_counter WHERE name = %s AND expires_at > {now}"
FORGET = "DELETE FROM limits_counter WHERE name = %s"
#: Expired twice: the row may have been renewed between being chosen and being deleted.
PRUNE = """
DELETE FROM limits_counter WHERE expires_at <= {now} AND name IN
    (SELECT name FROM limits_counter WHERE expires_at <= {now} LIMIT %s)
"""
PRUNE_ONE_IN = 100
ROWS_AT_ONCE = 1000


def add(name: str, seconds: int) -> int:
    with _reachable(), transaction.atomic(durable=True):
        [(count,)] = _run(ADD, name, seconds)
    if random.randrange(PRUNE_ONE_IN) == 0:
        with suppress(Unavailable):  # The hit is counted; the next one will prune.
            prune()
    return count


def count(name: str) -> int:
    with _reachable():
        return sum(count for (count,) in _run(COUNT, name))


def forget(name: str) -> None:
    with _reachable():
        _run(FORGET, name)


def prune() -> None:
    """Remove what has expired. Each new row is paid for by many removed: it cannot fall behind."""
    with _reachable():
        _run(PRUNE, ROWS_AT_ONCE)


def _run(sql: str, *values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(now=CLOCKS[connection.vendor]), values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except Error as problem:
        raise Unavailable from problem
