"""The blog that is measured: the sample blog on SQLite, with production settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Environment = dict[str, str]


def sample_blog(folder: Path) -> Environment:
    """Make it in the folder; return the environment that serves it."""
    environment = os.environ | {
        "ENV": "production",
        "ENV_FILE": os.devnull,
        "DATABASE_URL": f"sqlite:///{folder / 'blog.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "SECRET_KEY": "measured-only-on-this-machine-and-thrown-away-afterwards",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "TRUSTED_PROXY_COUNT": "0",
        "WEB_CONCURRENCY": "1",
        "LOG_LEVEL": "ERROR",
        "ACCESS_LOG": "false",
    }
    for command in ("collectstatic --noinput", "migrate --noinput", "seed_demo"):
        subprocess.run(
            [sys.executable, "manage.py", *command.split()],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=sys.stderr,
        )
    return environment
