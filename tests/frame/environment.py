"""The settings as a process with another environment would see them."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from blogsite import settings as ours

ROOT = Path(__file__).resolve().parent.parent.parent
STRONG_KEY = "x7#kW2p!vQ9zL4mD8sR1tY6uB3nC5gH0jF-aEiOqZ_wXpTvKdMlN"
PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": STRONG_KEY,
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "CANONICAL_HOST": "blog.example.org",
    "TRUSTED_PROXY_COUNT": "0",
    "EMAIL_URL": "smtp://mail.example.org",
}


def environment(**variables: str) -> dict[str, str]:
    """This machine's environment without anything of ours but what is given."""
    dropped = ours.read.names | {"PYTHONDONTWRITEBYTECODE"}
    clean = {name: value for name, value in os.environ.items() if name not in dropped}
    return clean | {"ENV_FILE": "/dev/null"} | variables


def settings_with(**variables: str) -> SimpleNamespace:
    with mock.patch.dict(os.environ, environment(**variables), clear=True):
        return SimpleNamespace(**runpy.run_path(str(ROOT / "blogsite" / "settings.py")))


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of its own process, `python` meaning this one."""
    command = tuple(sys.executable if word == "python" else word for word in command)
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=50,
    )
