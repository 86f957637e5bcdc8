"""Several people at once, each in a thread with a database connection of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connections

SOON = 20


@contextmanager
def people(count: int) -> Iterator[Callable[..., Future]]:
    """`start(function, *arguments)` lets the next one do something; all are done at the end."""

    def act(function: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return function(*arguments)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        started: list[Future] = []

        def start(function: Callable[..., Any], *arguments: Any) -> Future:
            started.append(pool.submit(act, function, *arguments))
            return started[-1]

        yield start
        for one in started:
            one.result(SOON)
