"""Numbers that come from strangers: in addresses, and in forms somebody may have changed."""

from typing import Any

DIGITS = 18  # no database has a larger key


def number(value: Any) -> int | None:
    """The whole number this says; None for everything else, however long or odd it is."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def numbers(values: list[str]) -> list[int]:
    return [found for found in map(number, values) if found is not None]
