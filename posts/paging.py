"""A list's pages are named by a place in time: page 500 costs what page 1 costs, and the address
stays right while posts come and go."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

_WRITTEN = re.compile(r"(-?\d{1,11})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where a post stands in a list: its time, and among posts of one second its key."""

    published_at: datetime
    pk: int

    @classmethod
    def read(cls, written: str) -> Self:
        """Raises ValueError for what `str(place)` never writes."""
        parts = _WRITTEN.fullmatch(written)
        if parts is None:
            raise ValueError(f"not a place: {written[:40]!r}")
        return cls(datetime.fromtimestamp(int(parts[1]), UTC), int(parts[2]))

    def __str__(self) -> str:
        return f"{int(self.published_at.timestamp())}-{self.pk}"
