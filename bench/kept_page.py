"""`python -m bench.kept_page`: a page from memory beside a bare answer, under load.

`make bench` compares what one answer costs; this asks as fast as the machine allows, by wrk
where it is installed and by a few readers in threads where not. The three servers take turns,
and the best turn of each counts: the one that other work on the machine disturbed least.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench.blog import sample_blog
from bench.budget import Budget
from bench.pages import POST
from bench.reader import HEADERS, ask_often, read
from bench.server import Server, gunicorn

ROUNDS, SECONDS, CONNECTIONS = 6, 1, 8

Load = Callable[[Server, str], tuple[float, float]]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="blogsite-bench-") as folder, ExitStack() as servers:
        blog = sample_blog(Path(folder))
        kept = servers.enter_context(gunicorn(blog))
        logged = servers.enter_context(gunicorn(blog | {"ACCESS_LOG": "true", "LOG_LEVEL": "INFO"}))
        read(kept, POST).read()
        size = len(read(kept, POST).read())
        bare = servers.enter_context(gunicorn(blog | {"BENCH_BYTES": str(size)}, "bench.bare"))
        results = list(compare(bare, kept, logged))
    for result in results:
        print(result)
    sys.exit(not all(result.is_kept for result in results))


def compare(bare: Server, kept: Server, logged: Server) -> list[Budget]:
    load = by_wrk if shutil.which("wrk") else by_threads
    for server in (bare, kept, logged):
        load(server, POST)
    turns = [[load(server, POST) for server in (bare, kept, logged)] for _ in range(ROUNDS)]
    least, page, line = (max(turn[which][0] for turn in turns) for which in range(3))
    bare_cost, page_cost = (min(turn[which][1] for turn in turns) for which in range(2))
    return [
        Budget(f"kept page ÷ bare ({page:.0f} a second)", page / least, "×", at_least=0.85),
        Budget(f"with our access line ({line:.0f})", line / least, "×", at_least=0.65),
        Budget("processor for an answer", page_cost / bare_cost, "×", at_most=1.2),
    ]


def by_wrk(server: Server, path: str) -> tuple[float, float]:
    """Answers a second, and seconds of the server's processor for each."""
    headers = [part for pair in HEADERS.items() for part in ("-H", ": ".join(pair))]
    load = ["-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}"]
    before = server.processor_seconds()
    said = subprocess.run(
        ["wrk", *load, *headers, f"http://127.0.0.1:{server.port}{path}"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Non-2xx" not in said, said
    answers = int(re.search(r"(\d+) requests in", said)[1])
    return answers / SECONDS, (server.processor_seconds() - before) / answers


def by_threads(server: Server, path: str) -> tuple[float, float]:
    times, began, before = 1000, time.monotonic(), server.processor_seconds()
    with ThreadPoolExecutor(CONNECTIONS) as readers:
        list(readers.map(lambda _: ask_often(server, path, times), range(CONNECTIONS)))
    answers = times * CONNECTIONS
    seconds = time.monotonic() - began
    return answers / seconds, (server.processor_seconds() - before) / answers


if __name__ == "__main__":
    main()
