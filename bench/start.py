from __future__ import annotations

from collections.abc import Iterator

from bench.blog import Environment
from bench.budget import Budget
from bench.pages import HOME, POST
from bench.reader import ask_often
from bench.server import gunicorn


def measure(blog: Environment) -> Iterator[Budget]:
    """How soon a new process answers, and what one worker takes once it has seen some traffic."""
    with gunicorn(blog) as server:
        yield Budget("first answer after the start", server.seconds_to_start, "s", at_most=1.5)
        for path in (HOME, POST):
            ask_often(server, path, times=200)
        yield Budget("memory of one worker", server.memory(), "MiB", at_most=110)
