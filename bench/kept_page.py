"""A page from memory beside a bare answer, alone too: `python -m bench.kept_page`.

What an answer costs the processor always, and where wrk is installed also how many there are in a
second. The three servers take turns, and the best turn of each counts: the one that other work on
the machine disturbed least.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.blog import Environment, sample_blog
from bench.budget import Budget
from bench.pages import POST
from bench.reader import HEADERS, costs, read
from bench.server import Server, gunicorn

ROUNDS, CONNECTIONS = 12, 8
LOGGED = {"ACCESS_LOG": "true", "LOG_LEVEL": "INFO"}


def measure(blog: Environment) -> Iterator[Budget]:
    with gunicorn(blog) as quiet, gunicorn(blog | LOGGED) as logging:
        size = len(read(quiet, POST).read())
        with gunicorn(blog | {"BENCH_BYTES": str(size)}, "bench.bare") as nothing:
            bare, kept, logged = costs(2000, (nothing, "/"), (quiet, POST), (logging, POST))
            yield from budgets("CPU", "µs", bare / kept, kept, bare / logged, logged)
            if shutil.which("wrk"):
                servers = (nothing, quiet, logging)
                turns = [[in_a_second(server) for server in servers] for _turn in range(ROUNDS)]
                bare, kept, logged = (max(column) for column in zip(*turns, strict=True))
                yield from budgets("load", "a second", kept / bare, kept, logged / bare, logged)


def budgets(
    what: str, unit: str, kept_share: float, kept: float, logged_share: float, logged: float
) -> Iterator[Budget]:
    yield Budget(f"kept page ÷ bare, {what} ({kept:.0f} {unit})", kept_share, "×", at_least=0.85)
    yield Budget(
        f"the same with our log, {what} ({logged:.0f} {unit})", logged_share, "×", at_least=0.65
    )


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
