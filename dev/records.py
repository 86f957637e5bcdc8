"""What run-dev and run-live have started, so that `make kill` ends that and nothing else.

A record names each process by number *and* start: a number that the system has meanwhile
given to somebody else is never touched.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def kept(folder: Path, pids: list[int]) -> Iterator[None]:
    """A record of these processes, for as long as they run."""
    record = folder / f"run-{os.getpid()}.json"
    record.write_text(json.dumps({str(pid): started(pid) for pid in pids}))
    try:
        yield
    finally:
        record.unlink(missing_ok=True)


def living(record: Path) -> list[int]:
    """The recorded processes that still run, the one that started the others first."""
    known = json.loads(record.read_text())
    return [int(pid) for pid, start in known.items() if start and started(int(pid)) == start]


def started(pid: int) -> str | None:
    """When a process started, in whatever words the system has; None when it is gone."""
    try:
        # The name in parentheses may hold anything, so count from behind it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None if Path("/proc/self").exists() else _started_by_ps(pid)
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if fields[0] == "Z" else f"{boot} {fields[19]}"


def _started_by_ps(pid: int) -> str | None:
    shown = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip() or None
