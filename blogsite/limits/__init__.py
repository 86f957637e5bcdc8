"""Counters for throttles, shared by all processes: "at most ten tries in ten minutes".

A window begins with its first hit and ends `seconds` later. A hit counts even when what it was
for fails or is rolled back: that is what limits are for. On SQLite a count inside the caller's
transaction could not survive its rollback, so `hit` refuses to run in one, on every database:
count first, then begin.
"""

from types import ModuleType

from django.conf import settings
from django.utils.crypto import salted_hmac


class Unavailable(Exception):
    """The counters cannot be reached: refuse politely."""


def hit(key: str, *, limit: int, seconds: int) -> bool:
    """Count one more, and say whether it was still within the limit."""
    return _counters().add(_name(key), seconds) <= limit


def peek(key: str, *, limit: int) -> bool:
    """Whether the next hit would still be within the limit."""
    return _counters().count(_name(key)) < limit


def forget(key: str) -> None:
    _counters().forget(_name(key))


def _name(key: str) -> str:
    """Keys hold addresses and names of people; the store has no need to know them."""
    return salted_hmac("blogsite.limits", key, algorithm="sha256").hexdigest()


def _counters() -> ModuleType:
    # Neither above: models cannot be loaded yet, and redis is only for those who have one.
    if settings.REDIS_URL:
        from blogsite.limits import in_redis as counters
    else:
        from blogsite.limits import in_database as counters  # type: ignore[no-redef]
    return counters
