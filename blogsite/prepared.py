"""Questions that pages ask for every reader are put into SQL once.

Django takes several times as long to write such a question as the database takes to answer it.
"""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, models


class Prepared:
    """`build(*shape, **values)` makes a queryset whose SQL depends on the shape alone.

    It is called once for each shape, with marks in the place of the values; `ask` then asks with
    real ones. A value may stand in the question several times; what becomes part of the SQL
    itself, such as a limit, belongs to the shape.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any]]) -> None:
        self.build = build
        self._made: dict[Any, tuple[models.QuerySet[Any], Any, str, list[Any], Any]] = {}

    def ask(self, *shape: Any, **values: Any) -> list[Any]:
        key = connection.vendor, shape
        if key not in self._made:
            self._made[key] = self._make(shape, values)
        queryset, compiler, sql, slots, converters = self._made[key]
        params = [_stored(values[slot.name]) if isinstance(slot, Slot) else slot for slot in slots]
        compiler = copy(compiler)
        compiler.connection = connection  # this thread's
        compiler.execute_sql = partial(_rows, sql, params)
        compiler.get_converters = lambda fields: converters
        asked: Any = queryset.all()
        asked.query.get_compiler = lambda *args, **kwargs: compiler
        return list(asked)

    def _make(self, shape: Any, values: dict[str, Any]) -> Any:
        marks = {name: _mark(value, n) for n, (name, value) in enumerate(values.items())}
        slots = {_stored(mark): Slot(name) for name, mark in marks.items()}
        queryset = self.build(*shape, **marks)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters(one[0] for one in compiler.select)
        return queryset, compiler, sql, [slots.get(param, param) for param in params], converters


class Slot:
    def __init__(self, name: str) -> None:
        self.name = name


def _mark(value: Any, number: int) -> Any:
    """Something of the same kind that no question holds by itself."""
    if isinstance(value, datetime):
        return datetime(3333, 3, 3, tzinfo=UTC) + timedelta(minutes=number)
    # Within the range of every column, else Django answers by itself.
    return 31_000 + number if isinstance(value, int) else f"\N{CROSS MARK}{number}"


def _stored(value: Any) -> Any:
    adapt = connection.ops.adapt_datetimefield_value
    return adapt(value) if isinstance(value, datetime) else value


def _rows(sql: str, params: list[Any], *args: Any, **kwargs: Any) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [cursor.fetchall()]
