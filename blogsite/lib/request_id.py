"""One name for everything a request leaves in the logs."""

import re
from contextvars import ContextVar
from random import getrandbits

#: Empty outside a request. Never put back: the next request of the thread sets its own.
current: ContextVar[str] = ContextVar("request_id", default="")

_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


def begin(given: str | None) -> str:
    """The id for the request that starts now: what a proxy gave if it is harmless, else ours."""
    # No secret: to ask the system for one would cost a kept page a switch of threads.
    chosen = given if given and _ACCEPTABLE.fullmatch(given) else f"{getrandbits(64):016x}"
    current.set(chosen)
    return chosen
