"""How often a task is tried, how long it may take, who may see its arguments, and how it ends."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

FIRST_PAUSE = 15  # seconds
LONGEST_PAUSE = 6 * 60 * 60


@dataclass(frozen=True)
class Policy:
    attempts: int = 6  # the last of six comes about half an hour after the first
    time_limit: float = 600  # seconds; None of ours needs more, and nothing may hang for ever
    private: bool = False  # arguments hold something only the addressee may read


DEFAULT = Policy()
# A task whose code is gone: we cannot ask it what it hides.
UNKNOWN = Policy(private=True)


def policy(**rules: Any) -> Callable[[Function], Function]:
    """Decorate a task function, below `@task()`, with rules that differ from the default."""

    def attach(function: Function) -> Function:
        function.policy = Policy(**rules)  # type: ignore[attr-defined]
        return function

    return attach


def pause_after(attempt: int) -> timedelta:
    """15 s, 45 s, 2 min, 7 min, 20 min, 1 h, 3 h, then every 6 h; each a fifth more or less.

    The scatter keeps tasks that failed together from coming back together.
    """
    seconds = min(FIRST_PAUSE * 3 ** (attempt - 1), LONGEST_PAUSE)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


class GiveUp(Exception):
    """Raised by a task that will never succeed: no further attempt, shown as failed."""


class WorkerLost(Exception):
    """Noted on a task whose worker stopped renewing its lease (killed, out of memory)."""


# The next two are raised inside a running task by a signal. Neither is an Exception, so that
# a task's own `except Exception` cannot swallow it; and as kinds of KeyboardInterrupt they make
# database drivers cancel the query they were waiting for, and leave the connection usable.


class TimeLimitReached(KeyboardInterrupt):
    """The task takes too long."""


class Interrupted(KeyboardInterrupt):
    """The worker has to leave before the task is done."""
