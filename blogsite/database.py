"""DATABASE_URL to Django's DATABASES: SQLite tuned for several processes, PostgreSQL pooled."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import environ

from blogsite.env import Reader, refuse

EXAMPLE = "postgres://user:password@host:5432/name"
SQLITE = "django.db.backends.sqlite3"

#: Writers queue instead of failing: begin with the write lock, wait for it up to ten seconds.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-8000;"
    ),
}
#: How soon a dead or frozen server is noticed (seconds; milliseconds for the last).
POSTGRES_OPTIONS = {
    "application_name": "blogsite",
    "connect_timeout": 3,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
LOCK_SECONDS = 10
IDLE_IN_TRANSACTION_SECONDS = 60
POOL = {
    "min_size": 0,
    "timeout": 2,  # seconds to wait for a connection
    "max_idle": 300,
    # Tries that fail are spaced further and further apart until this is over; then the next
    # request tries afresh. A long outage must not be followed by a long pause.
    "reconnect_timeout": 1,
    "num_workers": 1,
}


def configure(read: Reader, base: Path, threads: int) -> dict[str, Any]:
    """The default database, from DATABASE_URL and DATABASE_*; SQLite when nothing is said."""
    url = read.text("DATABASE_URL")
    # A request's thread holds one at most; the page cache's watcher and a probe take two more.
    pool_size = read.number("DATABASE_POOL_SIZE", threads + 2, most=1000)
    if pool_size == 1:
        # A worker's task holds one while its heartbeat needs another.
        refuse("DATABASE_POOL_SIZE", "1 is too few: a process needs two at a time", "6")
    statement_seconds = read.number("DATABASE_STATEMENT_TIMEOUT", 20, most=86_400)
    if not url or url.startswith("sqlite://"):
        return _sqlite(_file(url) if url else "db.sqlite3", base)
    return _postgres(_parse(url), pool_size, statement_seconds)


def _file(url: str) -> str:
    found = re.match(r"sqlite://(?:/(/?[^/?][^?]*)|(:memory:)$)", url)
    if not found:
        refuse("DATABASE_URL", "SQLite needs three slashes and a file", "sqlite:///db.sqlite3")
    return unquote(found[1] or found[2])


def _parse(url: str) -> dict[str, Any]:
    if not re.match(r"(postgres|postgresql|pgsql)://", url):
        refuse("DATABASE_URL", "neither PostgreSQL nor SQLite", EXAMPLE)
    try:
        config = environ.Env.db_url_config(_encode_userinfo(url))
    except ValueError:
        refuse("DATABASE_URL", "not the address of a database", EXAMPLE)
    if not config["NAME"]:
        refuse("DATABASE_URL", "names no database after the host", EXAMPLE)
    # A socket's folder stands percent-encoded in the host's place.
    config["HOST"] = unquote(config.get("HOST") or "")
    return config


def _encode_userinfo(url: str) -> str:
    """Name and password with every odd character encoded, as people forget to do."""
    match = re.fullmatch(r"(\w+://)(.*)@([^@]*)", url, re.DOTALL)
    if not match:
        return url
    scheme, userinfo, rest = match.groups()
    user, colon, password = userinfo.partition(":")
    return f"{scheme}{_encode(user)}{colon}{_encode(password)}@{rest}"


def _encode(text: str) -> str:
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe="%")


def _sqlite(name: str, base: Path) -> dict[str, Any]:
    return {
        "ENGINE": SQLITE,
        "NAME": name if name == ":memory:" else str(base / name),
        # Opening costs as much as all questions of a page; that the file is gone shows in a second.
        "CONN_MAX_AGE": 1,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def _postgres(config: dict[str, Any], pool_size: int, statement_seconds: int) -> dict[str, Any]:
    options = POSTGRES_OPTIONS | config.pop("OPTIONS", {})
    if pool_size:
        options["pool"] = POOL | {"max_size": pool_size}
        # The later word of two counts.
        said = [_session(statement_seconds), options.get("options", "")]
        options["options"] = " ".join(filter(None, said))
    return config | {
        "OPTIONS": options,
        # The pool tests a connection before handing it out: a restarted database is not felt.
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0,
        # An outer pooler gives each transaction another connection.
        "DISABLE_SERVER_SIDE_CURSORS": not pool_size,
    }


def _session(statement_seconds: int) -> str:
    """Time limits, and that disks today fetch one page here and there as soon as many in a row:
    the default was made for turning ones, and keeps the search from its index."""
    limits = {
        "statement_timeout": statement_seconds,
        "lock_timeout": LOCK_SECONDS,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_SECONDS,
    }
    said = [f"-c {name}={seconds * 1000}" for name, seconds in limits.items()]
    return " ".join([*said, "-c random_page_cost=1.1"])


def shown(config: dict[str, Any]) -> str:
    """Which database this is, without its password, for people to read."""
    if config["ENGINE"] == SQLITE:
        return f"SQLite in {config['NAME']}"
    host = config["HOST"] or config["OPTIONS"].get("host") or "the local socket"
    port = f":{config['PORT']}" if config["PORT"] else ""
    return f"PostgreSQL at {host}{port}, database {config['NAME']}"
