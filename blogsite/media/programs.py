"""Runs the programs that take pictures apart, `bounded` in memory and time.

What breaks a decoder ends with its program. The files between us are nameless, so that whoever is
killed leaves none behind.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from django.core.files.storage import default_storage

HERE = Path(__file__).parent
SECONDS = 120
KILLED = -9


class Impossible(Exception):
    """It cannot be done, and trying again would not help."""


class TooLarge(Impossible):
    """The picture cannot be taken apart in the memory there is."""


def run(program: str, *arguments: str, stored: str = "") -> bytes:
    """What the program writes when it reads what is stored under this name."""
    with TemporaryFile() as source:
        if stored:
            try:
                with default_storage.open(stored) as file:
                    source.writelines(file.chunks())
            except FileNotFoundError:
                raise Impossible(f"{stored} is not in the storage.") from None
        source.seek(0)
        command = [sys.executable, "-I", str(HERE / "bounded.py"), str(HERE / program), *arguments]
        done = subprocess.run(
            command, stdin=source, capture_output=True, timeout=SECONDS, check=False
        )
    if done.returncode == KILLED:
        raise OSError("The program was killed: perhaps the machine had no memory left.")
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        kind = Impossible if "UnidentifiedImageError" in said else TooLarge
        raise kind(f"{program}: {said or f'ended with {done.returncode}'}")
    return done.stdout
