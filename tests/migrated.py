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
from typing import LiteralString
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Composed, Identifier

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

    def url(self, name: str) -> str:
        if self.is_sqlite:
            return f"sqlite:///{name}"
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def copy(self, called: str) -> str:
        """A new one. Says its name."""
        if self.is_sqlite:
            shutil.copyfile(self.name("template"), self.name(called))
        else:
            new, template = Identifier(self.name(called)), Identifier(self.name("template"))
            run(self.server, SQL("CREATE DATABASE {} TEMPLATE {}").format(new, template))
        return self.name(called)

    def renew(self, name: str) -> str:
        """As the migrations left it, whatever was committed since. Says its name from now on."""
        if not self.is_sqlite:
            run(self.url(name), "CALL kept.renew()")
            return name
        for beside in ("", "-wal", "-shm"):
            Path(f"{name}{beside}").unlink(missing_ok=True)
        # By another name: a thread that closes the old one late tidies up after it.
        return self.copy(uuid4().hex)

    def _migrate(self) -> None:
        template = self.name("template")
        if not self.is_sqlite:
            run(self.server, SQL("CREATE DATABASE {}").format(Identifier(template)))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": self.url(template)},
            check=True,
        )
        if not self.is_sqlite:
            run(self.url(template), KEEP)


#: What migrations have filled is kept aside, and put back with everything else emptied. Foreign
#: keys are looked at in the end only, so the order does not matter.
KEEP = """
CREATE SCHEMA kept;
DO $$
DECLARE
    name text;
    is_filled bool;
    empty text := '';
    fill text := '';
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO is_filled;
        empty := empty || format('DELETE FROM public.%I;', name);
        IF is_filled THEN
            EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
            fill := fill || format('INSERT INTO public.%I SELECT * FROM kept.%I;', name, name);
        END IF;
    END LOOP;
    EXECUTE format('CREATE PROCEDURE kept.renew() LANGUAGE sql AS %L', empty || fill);
END $$
"""


def run(server: str, statement: SQL | Composed | LiteralString) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
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
