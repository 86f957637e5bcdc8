"""Makes .venv hold exactly what requirements-dev.txt says; does nothing when it already does.

Standard library only. uv, itself locked, does the work because it takes seconds where pip
takes a minute; where uv cannot run or reach the index, pip installs the same lock.
"""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
LOCK = ROOT / "requirements-dev.txt"
PIP = (PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")
HASHED = ("--require-hashes", "--no-deps")
# A faster parser for gunicorn, published as source only; gunicorn has one in Python too.
NEEDS_COMPILER = "gunicorn-h1c"


def main() -> None:
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    wanted = f"{platform.python_version()} {lock} {VENV}\n"
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    started = time.monotonic()
    say(f"Using Python {platform.python_version()} at {sys.executable}")
    if not running_inside():
        say("Creating .venv")
        if not run(sys.executable, "-m", "venv", "--clear", VENV):
            sys.exit("The environment .venv could not be made. The lines above tell why.")
    STAMP.unlink(missing_ok=True)
    packages = locked_packages()
    install(packages)
    STAMP.write_text(wanted)
    say(f"Installed {len(packages)} packages in {time.monotonic() - started:.0f} s")


def running_inside() -> bool:
    """In an environment that may stay: the programs of one that was moved name its old place."""
    was_moved = STAMP.exists() and not STAMP.read_text().endswith(f" {VENV}\n")
    return VENV.exists() and VENV.samefile(sys.prefix) and not was_moved


def locked_packages() -> dict[str, str]:
    """The lock's entries by name, without what this machine would have to compile and cannot."""
    entries = re.split(r"^(?=[a-z0-9])", LOCK.read_text(), flags=re.MULTILINE)[1:]
    by_name = {re.split(r"[\[=]", entry)[0]: entry for entry in entries}
    if not can_compile():
        say(f"No C compiler with Python's headers here: going without {NEEDS_COMPILER}")
        del by_name[NEEDS_COMPILER]
    return by_name


def can_compile() -> bool:
    compiler = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])
    return bool(compiler) and Path(sysconfig.get_path("include"), "Python.h").exists()


def install(packages: dict[str, str]) -> None:
    say("Installing what requirements-dev.txt locks")
    with tempfile.TemporaryDirectory() as folder:
        everything = Path(folder, "everything.txt")
        everything.write_text("".join(packages.values()))
        only_uv = Path(folder, "uv.txt")
        only_uv.write_text(packages["uv"])
        if install_with_uv(everything, only_uv):
            return
        say("uv cannot do it here; pip can, but takes a minute")
        if not run(*PIP, "install", *HASHED, "--requirement", everything):
            sys.exit("The dependencies could not be installed. What pip says above tells why.")


def install_with_uv(everything: Path, only_uv: Path) -> bool:
    sync = ("uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON)
    return run(*PIP, "install", *HASHED, "--requirement", only_uv) and run(
        PYTHON, "-m", *sync, everything
    )


def run(*command: object) -> bool:
    return subprocess.run([str(part) for part in command], cwd=ROOT).returncode == 0


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
