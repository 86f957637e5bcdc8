"""Time zones by name."""

from zoneinfo import ZoneInfo


def is_known(name: str) -> bool:
    """Whether this machine can tell the time there."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
