"""What every test gets: its own database and files, cheap passwords, a limit in time."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.apps import AppConfig
from django.conf import settings as django_settings
from django.db import connection
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test.utils import setup_databases, teardown_databases

from accounts.models import User
from blogsite.site.models import SiteSettings
from dev import redis_server
from tests import factories

SECONDS_PER_TEST = 60


def pytest_configure() -> None:
    # Argon2 is slow on purpose; tests of password hashing ask for it by the settings fixture.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Modules and fixtures stay to the end: looking through them again and again is a tenth
    # of the time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@receiver(post_migrate)
def as_migrations_left_it(sender: AppConfig, **more: object) -> None:
    """Emptying the database after a test knows the tables of models only, and takes the row
    of settings too, which the next test may want to change."""
    if sender.label == "posts" and "posts_search" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM posts_search")
    if sender.label == "site" and "plan" not in more:
        SiteSettings.objects.bulk_create([SiteSettings()], ignore_conflicts=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    def stop(signum: int, frame: FrameType | None) -> None:
        # Not a TimeoutError: that is an OSError, which code under test may well catch.
        pytest.fail(f"took longer than {seconds} s")

    marker = item.get_closest_marker("seconds")
    seconds = marker.args[0] if marker else SECONDS_PER_TEST
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as it is in use: in memory there is no WAL and no second process."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(name)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Generator[None]:
    """Also for tests that only ask for a database where a commit is one: pytest-django's own
    would leave these, run alone, with the database of the developer."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path: Path) -> Path:
    """Uploads go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session")
def redis_url() -> Generator[str]:
    """A real Redis or Valkey, one for each test process."""
    program = redis_server.find_binary()
    if program is None:
        pytest.fail("No redis-server or valkey-server: install one or the requirements.")
    with redis_server.running(program) as url:
        yield url


@pytest.fixture
def fresh_database_url(tmp_path: Path) -> Generator[str]:
    """An empty database on the engine under test, for processes that bring their own."""
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
        return
    name = f"fresh_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """The cast, by the group they are in.

    Ruth owns the blog, Amara edits it, Ines writes for it, Jun hands in, Mo minds the comments,
    and Nadia only reads. Tomasz writes too: the stranger to whatever belongs to Ines.
    """
    cast = {
        "Administrator": "ruth",
        "Editor": "amara",
        "Author": "ines",
        "Stranger": "tomasz",
        "Contributor": "jun",
        "Moderator": "mo",
        "Reader": "nadia",
    }
    return factories.cast(cast, groups={"Stranger": "Author", "Reader": None})
