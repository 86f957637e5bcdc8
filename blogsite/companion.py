"""Keeps one command running beside a server, so that one machine is enough.

gunicorn clears away children it does not know without a word, so the background worker gets a
parent of its own: this process, small because it imports no Django. It starts the worker again
when it ends, passes a stop on to it, and ends with the server whatever happened to that.
"""

import ctypes
import logging.config
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from blogsite import logs

logger = logging.getLogger("blogsite.companion")

SECONDS_BEFORE_RESTART = 2.0
#: A worker that is asked to stop may end the task it is at.
SECONDS_TO_STOP = 8.0


def start(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    """For the server: begin to keep the command running."""
    return subprocess.Popen(
        [sys.executable, "-m", "blogsite.companion", str(os.getpid()), *command],
        cwd=folder,
        preexec_fn=_end_with_parent,
    )


def stop(process: subprocess.Popen[bytes], seconds: float = SECONDS_TO_STOP + 1) -> None:
    """Let it end, and wait for that. The server gives the companion longer than that its worker."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()


class Companion:
    def __init__(self, server: int, command: Sequence[str]) -> None:
        self.server = server
        self.command = command
        self.stopping = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        while not self._over():
            child = subprocess.Popen(self.command, preexec_fn=_end_with_parent)
            while child.poll() is None and not self._over():
                time.sleep(0.2)
            if child.poll() is None:
                stop(child, SECONDS_TO_STOP)
            if not self._over():
                logger.error("worker.ended", extra={"code": child.returncode, "again": True})
                again = time.monotonic() + SECONDS_BEFORE_RESTART
                while time.monotonic() < again and not self._over():
                    time.sleep(0.2)

    def _asked_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _over(self) -> bool:
        return self.stopping or os.getppid() != self.server


def _end_with_parent() -> None:
    """Linux: be asked to stop even when the parent is killed without a chance to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 = PR_SET_PDEATHSIG


if __name__ == "__main__":
    logging.config.dictConfig(logs.configuration("INFO", readable=False))
    Companion(int(sys.argv[1]), sys.argv[2:]).run()
