"""What pictures cost: the making of smaller copies, and a page full of them on a telephone. And how
much memory a large file takes on its way into the database and out of it again.

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
from tempfile import TemporaryFile
from typing import Any

from bench.blog import ROOT, Environment
from bench.budget import Budget

MEGABYTES, MOST_MEGABYTES = 100, 20
NAME = "0" * 32 + "/large.mp4"
PROGRAMS = ROOT / "blogsite" / "media"
PICTURE = (4000, 3000)
WIDTHS = (320, 640, 960, 1280, 1920)
#: A telephone, and the part of its width that a picture in a text says it has.
PHONE_WIDTH, PIXEL_RATIO, PART = 390, 2, 0.8
PICTURES_ON_PAGE = 10

#: Runs a program and tells what it took. In a small process of its own: a program is said to use
#: no less memory than whoever started it.
BESIDE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.stderr)
"""


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


def measure_pictures(blog: Environment) -> Iterator[Budget]:
    names = [f"{width}.{kind}" for width in WIDTHS for kind in ("avif", "webp", "jpg")]
    with TemporaryFile() as original, TemporaryFile() as copies:
        _photograph().save(original, "JPEG", quality=95)
        megabytes = original.tell() / 1e6
        original.seek(0)
        programs = [str(PROGRAMS / name) for name in ("bounded.py", "shrinking.py")]
        told = subprocess.run(
            [sys.executable, "-Ic", BESIDE, sys.executable, "-I", *programs, *names],
            stdin=original,
            stdout=copies,
            stderr=subprocess.PIPE,
            text=True,
        ).stderr
        copies.seek(0)
        sizes = dict(_sizes(copies))
    if len(sizes) != len(names):
        raise SystemExit(f"The copies were not made: {told}")
    seconds, mebibytes = map(float, told.split())
    what = f"copies of a JPEG of 12 megapixels, {megabytes:.1f} MB"
    yield Budget(what, seconds, "s", at_most=6)
    yield Budget("memory of the program that makes them", mebibytes, "MiB", at_most=150)
    chosen = min(width for width in WIDTHS if width >= PHONE_WIDTH * PART * PIXEL_RATIO)
    shown = sizes[f"{chosen}.avif"] * PICTURES_ON_PAGE / 1000
    yield Budget(f"{PICTURES_ON_PAGE} of them on a telephone", shown, "kB", at_most=400)


def _photograph() -> Any:
    """Noise in which every scale is as strong as it is coarse: what cameras see, but busier."""
    from PIL import Image

    def channel(size: tuple[int, int]) -> Any:
        from PIL import ImageChops

        light = Image.new("L", size, 128)
        for step in range(9, -1, -1):
            cells = (max(2, size[0] >> step), max(2, size[1] >> step))
            noise = Image.effect_noise(cells, 3.2 * 1.75**step)
            light = ImageChops.add(light, noise.resize(size), 1, -128)
        return light

    coarse = (PICTURE[0] // 8, PICTURE[1] // 8)
    tints = (channel(coarse).resize(PICTURE).point(lambda v: 128 + (v - 128) // 3) for _ in "ab")
    return Image.merge("YCbCr", (channel(PICTURE), *tints)).convert("RGB")


def _sizes(copies: Any) -> Iterator[tuple[str, int]]:
    while header := copies.readline():
        name, length = header.decode().split()
        copies.seek(int(length), os.SEEK_CUR)
        yield name, int(length)


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
