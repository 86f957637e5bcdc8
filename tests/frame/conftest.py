import fcntl
import os
from collections.abc import Generator
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from dev import postgres_server
from tests.frame.server import Server, manage, serving


@pytest.fixture(scope="session")
def static_root(tmp_path_factory, worker_id) -> str:
    """The static files as a release has them: collected, hashed, compressed; once for all
    processes of this run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "static"
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            manage("collectstatic", "--noinput", "--verbosity=0", STATIC_ROOT=str(folder))
    return str(folder)


@pytest.fixture(scope="session")
def database_url(static_root, tmp_path_factory) -> str:
    """A database of the kind this run is about, with every table and no row."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        url = f"sqlite:///{tmp_path_factory.mktemp('frame') / 'blog.sqlite3'}"
    else:
        url = new_postgres_database(os.environ["DATABASE_URL"])
    manage("migrate", "--verbosity=0", DATABASE_URL=url, STATIC_ROOT=static_root)
    return url


def new_postgres_database(url: str) -> str:
    name = f"frame_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="module")
def server(static_root, database_url) -> Generator[Server]:
    """One for all tests of a module that leave it as it was."""
    with serving(STATIC_ROOT=static_root, DATABASE_URL=database_url) as started:
        started.wait("/health/ready")
        yield started


@pytest.fixture(scope="session")
def own_postgres(static_root) -> Generator[postgres_server.Server]:
    binaries = postgres_server.find_binaries()
    if not binaries:
        pytest.fail("No PostgreSQL was found: install one or the development requirements.")
    with postgres_server.restartable(binaries) as started:
        manage("migrate", "--verbosity=0", DATABASE_URL=started.url, STATIC_ROOT=static_root)
        yield started


@pytest.fixture
def postgres(own_postgres) -> Generator[postgres_server.Server]:
    """A PostgreSQL with every table that may be stopped and started."""
    yield own_postgres
    if own_postgres.process.poll() is not None:
        own_postgres.start_again()
