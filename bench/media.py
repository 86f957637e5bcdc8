"""How much memory a large file takes on its way into the database and out of it again.

`python -m bench.media 100` does it with 100 MB in this process, on the database of the
environment, and ends with an error if it took too much.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.blog import ROOT, Environment
from bench.budget import Budget

MEGABYTES, MOST_MEGABYTES = 100, 20
NAME = "0" * 32 + "/large.mp4"


def measure(blog: Environment) -> Iterator[Budget]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.media", str(MEGABYTES)],
        cwd=ROOT,
        env=blog,
        stdout=subprocess.PIPE,
        text=True,
    )
    grown = re.search(r"grew by ([\d.]+)", done.stdout)
    if grown is None:
        raise SystemExit("The large file was not stored.")
    yield Budget(
        f"memory for {MEGABYTES} MB in and out of the database",
        float(grown[1]),
        "MB",
        at_most=MOST_MEGABYTES,
    )


class Zeros:
    """A file that nobody has to have in memory to write it."""

    name = NAME

    def __init__(self, size: int) -> None:
        self.left = size

    def seekable(self) -> bool:
        return False

    def chunks(self) -> Iterator[bytes]:
        raise NotImplementedError

    def read(self, size: int) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


def there_and_back(megabytes: int) -> float:
    """How much the process grew at most, in MB."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
    django.setup()
    _pass_through(1)
    before = _peak()
    _pass_through(megabytes)
    return (_peak() - before) / 1e6


def _pass_through(megabytes: int) -> None:
    from django.test import RequestFactory

    from blogsite.media.in_database import InDatabase
    from blogsite.media.views import serve

    size, storage = megabytes * 1_000_000, InDatabase()
    source: Any = Zeros(size)
    name = storage.save(NAME, source)
    answer = serve(RequestFactory().get("/"), *name.split("/"))
    seen = sum(map(len, answer))
    answer.close()
    storage.delete(name)
    if seen != size:
        raise SystemExit(f"{seen} of {size} bytes came back.")


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


if __name__ == "__main__":
    os.environ["MEDIA_STORAGE"] = "database"
    grew = there_and_back(int(sys.argv[1]))
    print(f"grew by {grew:.1f} MB")
    sys.exit(grew > MOST_MEGABYTES)
