"""`make kill`: ends what run-dev and run-live have started, gently first."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from dev import records

STATE = Path(__file__).resolve().parent.parent / ".dev"
SECONDS = 20


def main() -> None:
    found = sorted(STATE.glob("run-*.json"))
    for record in found:
        end(record)
    if not found:
        print("Nothing is running.")


def end(record: Path) -> None:
    pids = records.living(record)
    if pids:
        os.kill(pids[0], signal.SIGTERM)  # the first one ends the others
        wait(record)
    for pid in records.living(record) if record.exists() else ():
        os.kill(pid, signal.SIGKILL)
    record.unlink(missing_ok=True)
    print(f"Stopped {', '.join(map(str, pids))}." if pids else "It had ended already.")


def wait(record: Path) -> None:
    give_up = time.monotonic() + SECONDS
    while record.exists() and records.living(record) and time.monotonic() < give_up:
        time.sleep(0.1)


if __name__ == "__main__":
    main()
