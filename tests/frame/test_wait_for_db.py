import subprocess
import sys
import time
from contextlib import closing
from io import StringIO
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ConnectionHandler
from psycopg import sql

from blogsite import health
from blogsite.management.commands import wait_for_db
from dev.processes import free_port
from tests.frame.environment import ROOT, environment, run, settings_with


@pytest.mark.django_db
def test_it_says_what_it_waits_for_and_that_it_came():
    out = StringIO()
    call_command("wait_for_db", stdout=out)
    first, second = out.getvalue().splitlines()
    assert first.startswith("Waiting for ")
    assert second.startswith("The database answered after 0.")


def test_it_gives_up_with_one_clear_line():
    url = f"postgres://blog:topsecret@127.0.0.1:{free_port()}/blog"
    done = run("python", "manage.py", "wait_for_db", "--timeout", "1", DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stdout.startswith("Waiting for PostgreSQL at 127.0.0.1:")
    assert done.stderr.startswith("CommandError: Gave up after 1 s: PostgreSQL at 127.0.0.1:")
    assert "Connection refused" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "topsecret" not in done.stdout + done.stderr


def test_it_does_not_go_on_for_longer_than_it_was_told(monkeypatch):
    monkeypatch.setattr(wait_for_db, "why_no_database", lambda: "away")
    started = time.monotonic()
    with pytest.raises(CommandError, match="away"):
        call_command("wait_for_db", timeout=0.7, stdout=StringIO())
    assert 0.4 < time.monotonic() - started < 10


def test_it_needs_no_safe_configuration():
    assert wait_for_db.Command.requires_system_checks == []


def test_it_waits_until_the_database_has_started(postgres):
    postgres.stop()
    waiting = subprocess.Popen(
        [sys.executable, "manage.py", "wait_for_db"],
        cwd=ROOT,
        env=environment(DATABASE_URL=postgres.url),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        time.sleep(2)
        assert waiting.poll() is None
        postgres.start_again()
        out, _err = waiting.communicate(timeout=30)
    finally:
        waiting.kill()
    assert waiting.returncode == 0
    assert "The database answered after" in out


@pytest.mark.django_db
def test_why_no_database_is_nothing_when_there_is_one():
    assert health.why_no_database() == ""


def test_a_socket_percent_encoded_in_the_address_is_found(postgres):
    password = urlsplit(postgres.url).password
    folder = quote(str(postgres.home), safe="")
    url = f"postgres://postgres:{password}@{folder}:{postgres.port}/postgres"
    done = run("python", "manage.py", "wait_for_db", "--timeout", "5", DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Waiting for PostgreSQL at {postgres.home}:{postgres.port}")


@pytest.mark.parametrize("password", ["p@ss/w#rd?%", "é ü:&=+[x]", "%41"])
def test_an_odd_password_opens_the_database(postgres, password, django_db_blocker):
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS odd")
        role = sql.SQL("CREATE ROLE odd LOGIN PASSWORD {}").format(sql.Literal(password))
        connection.execute(role)
    url = f"postgres://odd:{quote(password, safe='')}@127.0.0.1:{postgres.port}/postgres"
    opened = ConnectionHandler(settings_with(DATABASE_URL=url).DATABASES)["default"]
    with django_db_blocker.unblock(), closing(opened), opened.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("odd",)
    opened.close_pool()
