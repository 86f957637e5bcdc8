"""One gunicorn as the product runs it, with whatever application is to be compared."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.blog import ROOT, Environment
from dev.processes import end_with_parent, free_port, stop

TICKS = os.sysconf("SC_CLK_TCK")
SECONDS_TO_START = 20


@dataclass(frozen=True)
class Server:
    port: int
    worker: int
    seconds_to_start: float

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """MiB that would be free again without this process; shared pages count in part."""
        rollup = Path(f"/proc/{self.worker}/smaps_rollup").read_text()
        line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
        return int(line.split()[1]) / 1024


@contextmanager
def gunicorn(environment: Environment, application: str = "blogsite.wsgi") -> Iterator[Server]:
    port, began = free_port(), time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application],
        cwd=ROOT,
        env=environment | {"PORT": str(port)},
        stdout=sys.stderr,
        preexec_fn=end_with_parent,
    )
    try:
        wait_for_answer(port)
        started = time.monotonic() - began
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Server(port, int(children[0]), started)
    finally:
        # By SIGINT a worker may wait for itself: gunicorn's handler wants a lock that the thread
        # it has interrupted may hold.
        stop(process, signal.SIGTERM)


def wait_for_answer(port: int) -> None:
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(
                    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                if connection.recv(12).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(0.01)
    raise SystemExit("The server gave no answer.")
