"""Numbers as bars: whole numbers in the attributes of an SVG, so that no policy minds."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count

from django.utils.formats import date_format
from django.utils.translation import gettext as _

#: Of a bar with the room around it; of the highest bar.
STEP, HEIGHT = 10, 100
DAYS, MONTHS = 30, 12


class Chart:
    """The last of `points` (name, number) is the time that is not over yet."""

    def __init__(self, points: list[tuple[str, int]]) -> None:
        names, numbers = zip(*points, strict=True)
        self.total, self.most, self.now = sum(numbers), max(numbers), numbers[-1]
        # The scale ends on a round number, an even one, as half of it is written, too.
        rounds = (step * 10**power for power in count() for step in (2, 4, 6, 10))
        self.top = next(top for top in rounds if top >= self.most)
        self.half, self.width = self.top // 2, len(points) * STEP
        self.ends = names[0], names[len(names) // 2], names[-1]
        heights = [n and max(1, round(n * HEIGHT / self.top)) for n in numbers]
        self.bars = [
            {"label": name, "count": n, "x": at * STEP + 1, "y": HEIGHT - height, "height": height}
            for at, (name, n, height) in enumerate(zip(names, numbers, heights, strict=True))
        ]


def last_days(views: Mapping[date, int], today: date) -> Chart:
    days = [today - timedelta(days=back) for back in range(DAYS)][::-1]
    return Chart([(date_format(day, _("j M")), views.get(day, 0)) for day in days])


def last_months(views: Mapping[date, int], today: date) -> Chart:
    now, sums = today.year * 12 + today.month - 1, Counter[date]()
    for day, n in views.items():
        sums[day.replace(day=1)] += n
    firsts = [date(month // 12, month % 12 + 1, 1) for month in range(now - MONTHS + 1, now + 1)]
    return Chart([(date_format(first, _("M Y")), sums[first]) for first in firsts])
