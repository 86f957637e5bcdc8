"""Real worker processes on the test's own database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class WorkerProcess:
    def __init__(self, arguments: tuple[str, ...], log: Path, environment: dict[str, str]) -> None:
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "worker", *arguments],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": database_url(), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(5)

    def stop(self) -> float:
        """Ask it to stop; how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)
        return time.monotonic() - began


def database_url() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Generator[Callable[..., WorkerProcess]]:
    workers: list[WorkerProcess] = []

    def start(*arguments: str, **environment: str) -> WorkerProcess:
        log = tmp_path / f"worker-{len(workers)}.log"
        workers.append(WorkerProcess(arguments, log, environment))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()


def until(question: Callable[[], object], seconds: float = 40) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def notes(tmp_path: Path) -> "Notes":
    return Notes(tmp_path / "notes.txt")


class Notes:
    """What tasks wrote while they ran."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        path.touch()

    @property
    def lines(self) -> list[str]:
        return Path(self.path).read_text().splitlines()
