from pathlib import Path

import pytest
from django.db import connection

from blogsite.database import configure, shown
from blogsite.env import Reader, Refusal

BASE = Path("/base")


def database(url: str = "", base: Path = BASE, **variables: str):
    return configure(Reader({"DATABASE_URL": url} | variables), base, threads=4)


@pytest.mark.parametrize("folder", ["/a@b", "/my#1", "/what?", "/a+b", "/a%20b", "/a b"])
def test_the_default_lies_beside_the_code_whatever_its_folder_is_called(folder):
    assert database(base=Path(folder))["NAME"] == f"{folder}/db.sqlite3"


def test_unset_means_sqlite_beside_the_code():
    found = database()
    assert found["ENGINE"] == "django.db.backends.sqlite3"
    assert found["NAME"] == "/base/db.sqlite3"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///blog.sqlite3", "/base/blog.sqlite3"),
        ("sqlite:////data/blog.sqlite3", "/data/blog.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
        ("sqlite:////data/a+b@c/%23 1.sqlite3", "/data/a+b@c/# 1.sqlite3"),
    ],
)
def test_sqlite_finds_its_file(url, name):
    assert database(url)["NAME"] == name


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "pgsql"])
def test_postgres_is_read_from_its_address(scheme):
    found = database(f"{scheme}://ann:secret@db.example.org:5433/blog?sslmode=require")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ann", "secret", "db.example.org", 5433, "blog",
    ]  # fmt: skip
    assert found["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("p%40ss", "p@ss"), ("p%2Fw", "p/w"), ("a%25b", "a%b"), ("a+b", "a+b"), ("p%3Aw", "p:w"),
        ("p@ss", "p@ss"), ("p/w", "p/w"), ("p#w", "p#w"), ("p?w", "p?w"), ("a%b", "a%b"),
        ("p[w", "p[w"), ("p:w", "p:w"), ("p#%40", "p#@"), ("$ecret", "$ecret"), ("é", "é"),
        ("a b", "a b"), ("", ""),
    ],
)  # fmt: skip
def test_odd_passwords_survive_encoded_or_not(written, password):
    found = database(f"postgres://ann:{written}@db.example.org/blog")
    assert (found["PASSWORD"], found["HOST"], found["NAME"]) == (password, "db.example.org", "blog")


@pytest.mark.parametrize(
    "url",
    [
        "postgres://ann:pw@%2Fvar%2Frun%2FPostgres/blog",
        "postgres://ann:pw@%2fvar%2frun%2fPostgres/blog",
    ],
)
def test_a_socket_stands_encoded_in_the_host(url):
    found = database(url)
    assert (found["HOST"], found["NAME"], found["PORT"]) == ("/var/run/Postgres", "blog", "")


def test_a_socket_may_stand_in_the_query():
    assert database("postgres:///blog?host=/var/run/pg")["OPTIONS"]["host"] == "/var/run/pg"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a:b@c/d", "example.org/blog", "postgres", "postgres:", "postgres://", "/tmp/a.db",
        "postgres://host", "postgres://host/", "postgres://a:b@host:port/blog", "sqlite://",
        "postgres://a:b@host:99999/blog", "sqlite:///", "sqlite://blog.sqlite3", "postgress://a/b",
    ],
)  # fmt: skip
def test_a_wrong_address_is_one_line_with_an_example(url):
    with pytest.raises(Refusal) as caught:
        database(url)
    line = str(caught.value)
    assert line.startswith("DATABASE_URL: ")
    assert "Example: DATABASE_URL=" in line
    assert "\n" not in line


def test_a_refusal_does_not_tell_the_password():
    with pytest.raises(Refusal) as caught:
        database("postgres://ann:topsecret@host:port/blog")
    assert "topsecret" not in str(caught.value)


def test_postgres_is_pooled_and_tested_before_use():
    found = database("postgres://a:b@c/d")
    assert found["OPTIONS"]["pool"]["max_size"] == 6
    assert found["OPTIONS"]["pool"]["timeout"] <= 5
    assert found["CONN_HEALTH_CHECKS"] is True
    assert found["CONN_MAX_AGE"] == 0


def test_postgres_gives_up_in_time():
    options = database("postgres://a:b@c/d", DATABASE_STATEMENT_TIMEOUT="7")["OPTIONS"]
    assert options["connect_timeout"] <= 5
    assert options["options"] == (
        "-c statement_timeout=7000 -c lock_timeout=10000"
        " -c idle_in_transaction_session_timeout=60000 -c random_page_cost=1.1"
    )


def test_options_of_the_address_come_on_top_of_the_limits():
    options = database("postgres://a:b@c/d?options=-c%20work_mem%3D8MB")["OPTIONS"]["options"]
    assert options.startswith("-c statement_timeout=20000 ")
    assert options.endswith(" -c work_mem=8MB")


def test_an_outer_pooler_gets_no_pool_and_no_start_options():
    found = database("postgres://a:b@c/d", DATABASE_POOL_SIZE="0")
    assert "pool" not in found["OPTIONS"]
    assert "options" not in found["OPTIONS"]
    assert found["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_conn_max_age_in_the_address_does_not_break_the_pool():
    assert database("postgres://a:b@c/d?conn_max_age=60")["CONN_MAX_AGE"] == 0


def test_shown_never_has_the_password():
    url = "postgres://ann:topsecret@db.example.org:5433/blog"
    assert shown(database(url)) == "PostgreSQL at db.example.org:5433, database blog"
    assert shown(database()) == "SQLite in /base/db.sqlite3"


def test_reading_an_address_does_not_warn(recwarn):
    for url in ("postgres://a:b@c/d", "sqlite:///x.db"):
        database(url)
    assert not recwarn.list


ASKED = {
    "sqlite": {
        "PRAGMA journal_mode": "wal",
        "PRAGMA foreign_keys": 1,
        "PRAGMA synchronous": 1,
        "PRAGMA busy_timeout": 10_000,
    },
    "postgresql": {
        "SHOW statement_timeout": "20s",
        "SHOW lock_timeout": "10s",
        "SHOW idle_in_transaction_session_timeout": "1min",
        "SHOW application_name": "blogsite",
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize(("question", "answer"), ASKED[connection.vendor].items())
def test_the_engine_itself_knows_how_it_is_tuned(question, answer):
    with connection.cursor() as cursor:
        cursor.execute(question)
        assert cursor.fetchone() == (answer,)


def test_sqlite_begins_a_transaction_with_the_lock():
    assert database()["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
