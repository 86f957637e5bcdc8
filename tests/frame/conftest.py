from collections.abc import Generator
from pathlib import Path

import pytest

from dev import postgres_server
from tests.frame.server import Server, manage, serving
from tests.migrated import Migrated, one_at_a_time


@pytest.fixture(scope="session")
def static_root(shared_folder: Path) -> str:
    """The static files as a release has them: collected, hashed, compressed."""
    folder = shared_folder / "static"
    with one_at_a_time(folder):
        if not folder.exists():
            manage("collectstatic", "--noinput", "--verbosity=0", STATIC_ROOT=str(folder))
    return str(folder)


@pytest.fixture(scope="session")
def database_url(migrated: Migrated, worker_id: str) -> str:
    """A database of the kind this run is about, with every table and no row."""
    return migrated.url(migrated.copy(f"frame_{worker_id}"))


@pytest.fixture(scope="module")
def server(static_root, database_url) -> Generator[Server]:
    """One for all tests of a module that leave it as it was."""
    with serving(STATIC_ROOT=static_root, DATABASE_URL=database_url) as started:
        started.wait("/health/ready")
        yield started


@pytest.fixture(scope="session")
def own_postgres(static_root: str, shared_folder: Path) -> Generator[postgres_server.Server]:
    binaries = postgres_server.find_binaries()
    if not binaries:
        pytest.fail("No PostgreSQL was found: install one or the development requirements.")
    kept = shared_folder / "postgres"
    with one_at_a_time(kept):
        if not kept.exists():
            with postgres_server.restartable(binaries) as first:
                manage("migrate", "--verbosity=0", DATABASE_URL=first.url, STATIC_ROOT=static_root)
                first.stop()
                first.keep(kept)
    with postgres_server.restartable(binaries, kept) as started:
        yield started


@pytest.fixture
def postgres(own_postgres) -> Generator[postgres_server.Server]:
    """A PostgreSQL with every table that may be stopped and started."""
    yield own_postgres
    if own_postgres.process.poll() is not None:
        own_postgres.start_again()
