"""Which database the suite runs on: `pytest --database=postgres`, SQLite when not said.

A plugin of its own (`-p tests.database` in pyproject.toml) because the choice has to be in
DATABASE_URL before pytest-django loads the settings, which is before any conftest.py.
One server serves all xdist workers: the controller starts it, the workers inherit its URL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from dev import postgres_server
from tests.migrated import PREFIX, drop_all

ROOT = Path(__file__).resolve().parent.parent
NOT_FOUND = (
    "No PostgreSQL was found, so nothing was tested on it. Install PostgreSQL or the "
    "development requirements, or set TEST_DATABASE_URL."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default="sqlite",
        help="the database to test on (default: sqlite)",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        forget_developers_settings()
        os.environ[PREFIX] = f"test_{uuid4().hex[:12]}"
        os.environ["DATABASE_URL"] = choose_url(early_config)
    yield


def forget_developers_settings() -> None:
    """The suite must not feel what somebody exported, or wrote into .env, for their own server."""
    example = ROOT / ".env.example"
    text = example.read_text() if example.exists() else ""
    for name in re.findall(r"^(?:# ?)?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE):
        os.environ.pop(name, None)
    os.environ["ENV_FILE"] = os.devnull


def choose_url(config: pytest.Config) -> str:
    if config.known_args_namespace.database == "sqlite":
        return "sqlite:///db.sqlite3"
    if url := os.environ.get("TEST_DATABASE_URL"):
        config.add_cleanup(partial(drop_all, url, os.environ[PREFIX]))
        return url
    return start_postgres(config)


def start_postgres(config: pytest.Config) -> str:
    binaries = postgres_server.find_binaries()
    if binaries:
        servers = ExitStack()
        config.add_cleanup(servers.close)
        return servers.enter_context(postgres_server.running(binaries))
    if os.environ.get("CI") or os.environ.get("REQUIRE_POSTGRES") == "1":
        raise pytest.UsageError(NOT_FOUND)
    return "sqlite:///db.sqlite3"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if is_missing(config):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=NOT_FOUND))
    elif config.option.database == "postgres":
        # What never asks the database under test, or brings its own, ran in SQLite's turn.
        others = [item for item in items if not asks_the_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if asks_the_database(item)]


def asks_the_database(item: pytest.Item) -> bool:
    asking = {"django_db_setup", "database_url", "fresh_database_url"}
    return bool(item.get_closest_marker("django_db") or asking & {*item.fixturenames})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if is_missing(config):
        terminalreporter.write_sep("!", "PostgreSQL skipped", red=True)
        terminalreporter.write_line(NOT_FOUND, red=True)


def is_missing(config: pytest.Config) -> bool:
    return config.option.database == "postgres" and "sqlite" in os.environ["DATABASE_URL"]
