"""What was counted and is not written yet, and how it is written."""

from datetime import date
from itertools import groupby

from django.db import connection, transaction
from django.db.models import Count

from blogsite.stats.models import SITE, DayCount
from posts.models import Post

VIEWS, REFERRER, READERS, PROGRAM = DayCount.Kind.values
#: Of these the numbers are added up; of the others the largest counts.
SUMMED = (VIEWS, REFERRER)
#: Rows of one day, whoever wants to fill the table; and all while the database is away.
MOST = {REFERRER: 500, READERS: 200, PROGRAM: 5_000}
MOST_WAITING = 20_000
ROWS_AT_ONCE = 500
#: One statement, so that processes that count the same page miss nothing of each other.
WRITE = """
INSERT INTO stats_daycount (kind, day, post_id, name, count) VALUES {rows}
ON CONFLICT (kind, day, post_id, name) DO UPDATE SET count = CASE
    WHEN excluded.kind IN ('view', 'referrer') THEN stats_daycount.count + excluded.count
    WHEN excluded.count > stats_daycount.count THEN excluded.count
    ELSE stats_daycount.count END
"""

#: Kind, day, post, name.
Key = tuple[str, date, int, str]


class Batch(dict[Key, int]):
    def count(self, key: Key, number: int = 1) -> None:
        before = self.get(key, 0)
        # Whatever else there is, half of the room is for views.
        if before or len(self) < (MOST_WAITING if key[0] == VIEWS else MOST_WAITING // 2):
            self[key] = before + number if key[0] in SUMMED else max(before, number)

    def write(self) -> None:
        """All of it or nothing."""
        with transaction.atomic():
            posts = Post.objects.filter(pk__in={key[2] for key in self})
            there = {SITE, *posts.values_list("pk", flat=True)}
            _write({key: self[key] for key in self._fitting() if key[2] in there})
            if days := {day for kind, day, *_ in self if kind == PROGRAM}:
                programs = DayCount.objects.filter(kind=PROGRAM).order_by()
                found = programs.filter(day__in=days).values_list("day").annotate(n=Count("pk"))
                _write({(READERS, day, SITE, ""): n for day, n in found})
                programs.filter(day__lt=max(days)).delete()

    def _fitting(self) -> set[Key]:
        """Without what would be new where the day has all the rows it may have."""
        fitting: set[Key] = set()
        for (kind, day), group in groupby(sorted(self), key=lambda key: key[:2]):
            keys = set(group)
            if kind in MOST:
                rows = DayCount.objects.filter(kind=kind, day=day)
                named = rows.filter(name__in={key[3] for key in keys})
                there = set(named.values_list("kind", "day", "post_id", "name"))
                new = sorted(keys - there, key=lambda key: (-self[key], key))
                keys = keys & there | set(new[: max(0, MOST[kind] - rows.count())])
            fitting |= keys
        return fitting


def _write(numbers: dict[Key, int]) -> None:
    # Sorted: otherwise two processes wait for each other's rows.
    rows = [(*key, numbers[key]) for key in sorted(numbers)]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(
                WRITE.format(rows=", ".join(["(%s, %s, %s, %s, %s)"] * len(part))),
                [value for row in part for value in row],
            )
