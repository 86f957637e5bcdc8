"""Databases as the migrations leave them: migrated once for all processes of a run, then copied.

A copy is also the quickest way back after a test that has committed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parent.parent
#: Where the names of this run's databases begin, on a server that others may use as well.
PREFIX = "BLOGSITE_TEST_PREFIX"


class Migrated:
    """Makes databases with every table and no row, on the engine under test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = os.environ["DATABASE_URL"]
        self.is_sqlite = self.server.startswith("sqlite")
        with one_at_a_time(folder / "migrated"):
            if not (folder / "migrated").exists():
                self._migrate()
                (folder / "migrated").touch()

    def name(self, called: str) -> str:
        """As the settings have it."""
        if self.is_sqlite:
            return str(self.folder / f"{called}.sqlite3")
        return f"{os.environ[PREFIX]}_{called}"

    def url(self, called: str) -> str:
        if self.is_sqlite:
            return f"sqlite:///{self.name(called)}"
        return urlsplit(self.server)._replace(path=f"/{self.name(called)}").geturl()

    def copy(self, called: str) -> str:
        """A new one. Says its name."""
        if self.is_sqlite:
            shutil.copyfile(self.name("template"), self.name(called))
        else:
            new, template = Identifier(self.name(called)), Identifier(self.name("template"))
            self._execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(new, template))
        return self.name(called)

    def drop(self, name: str) -> None:
        if self.is_sqlite:
            for file in (name, f"{name}-wal", f"{name}-shm"):
                Path(file).unlink(missing_ok=True)
        else:
            statement = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            self._execute(statement.format(Identifier(name)))

    def _migrate(self) -> None:
        if not self.is_sqlite:
            template = Identifier(self.name("template"))
            self._execute(SQL("CREATE DATABASE {}").format(template))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": self.url("template")},
            check=True,
        )

    def _execute(self, statement: SQL) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


def drop_all(server: str, prefix: str) -> None:
    """For a server that stays: what a run has made there goes with it."""
    with psycopg.connect(server, autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [prefix])
        for (name,) in rows.fetchall():
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Of all processes of this run: the first does the work, the others find it done."""
    with open(f"{path}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
