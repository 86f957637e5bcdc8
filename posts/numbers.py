"""Numbers that come from strangers: in addresses, and in forms somebody may have changed."""

from collections.abc import Iterable
from typing import Any

DIGITS = 18  # no database has a larger key


def number(value: Any, *, digits: int = DIGITS) -> int | None:
    """The whole number this says; None for everything else, however long or odd it is."""
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def numbers(values: Iterable[Any]) -> list[int]:
    return [found for found in map(number, values) if found is not None]
