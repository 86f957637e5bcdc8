"""A page from memory beside a bare answer, alone too: `python -m bench.kept_page`.

How many answers a second of the processor is enough for, and where wrk is installed also how many
there are in a second. The three servers take many short turns: what counts is the middle one of the
shares in each round, for other work on the machine comes and goes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from bench.blog import Environment, sample_blog
from bench.budget import Budget
from bench.pages import POST
from bench.reader import HEADERS, ask_often, read
from bench.server import Server, gunicorn

ROUNDS, CONNECTIONS = 16, 8
LOGGED = {"ACCESS_LOG": "true", "LOG_LEVEL": "INFO"}


def measure(blog: Environment) -> Iterator[Budget]:
    with gunicorn(blog) as quiet, gunicorn(blog | LOGGED) as logging:
        size = len(read(quiet, POST).read())
        with gunicorn(blog | {"BENCH_BYTES": str(size)}, "bench.bare") as nothing:
            servers = (nothing, quiet, logging)
            for server in servers:
                ask_often(server, POST, 200)
            yield from budgets("CPU", servers, in_a_second_of_processor, 0.834)
            if shutil.which("wrk"):
                yield from budgets("load", servers, in_a_second, 0.85)


def budgets(
    what: str, servers: Sequence[Server], number: Callable[[Server], float], least: float
) -> Iterator[Budget]:
    rounds = [[number(server) for server in servers] for _round in range(ROUNDS)]
    bare, kept, logged = zip(*rounds, strict=True)
    for title, found, share in (
        ("kept page ÷ bare", kept, least),
        ("the same with our log", logged, 0.65),
    ):
        shares = [ours / theirs for ours, theirs in zip(found, bare, strict=True)]
        title = f"{title}, {what} ({median(found):.0f} a second)"
        yield Budget(title, median(shares), "×", at_least=share)


def in_a_second_of_processor(server: Server) -> float:
    return 1e6 / ask_often(server, POST, 500)


def in_a_second(server: Server) -> int:
    headers = [part for pair in HEADERS.items() for part in ("-H", ": ".join(pair))]
    address = f"http://127.0.0.1:{server.port}{POST}"
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", "-d1", *headers, address],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Non-2xx" not in said, said
    return int(re.search(r"(\d+) requests in", said)[1])


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="blogsite-bench-") as folder:
        results = list(measure(sample_blog(Path(folder))))
    print(*results, sep="\n")
    sys.exit(not all(result.is_kept for result in results))


if __name__ == "__main__":
    main()
