import os
import subprocess
import sys

import pytest

from dev import bootstrap
from tests.source import ROOT


@pytest.fixture
def without_compiler(monkeypatch):
    monkeypatch.setattr(bootstrap, "can_compile", lambda: False)


def run_bootstrap(python: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["sh", "dev/bootstrap.sh"],
        cwd=ROOT,
        env=os.environ | {"PYTHON": python},
        capture_output=True,
        text=True,
    )


def test_lock_is_taken_apart_and_put_together_again(monkeypatch):
    monkeypatch.setattr(bootstrap, "can_compile", lambda: True)
    packages = bootstrap.locked_packages()
    assert bootstrap.LOCK.read_text().endswith("".join(packages.values()))
    assert {"django", "uv", bootstrap.NEEDS_COMPILER} <= packages.keys()


def test_without_a_compiler_nothing_is_compiled(without_compiler):
    packages = bootstrap.locked_packages()
    assert bootstrap.NEEDS_COMPILER not in packages
    assert "django" in packages


def test_environment_of_a_folder_that_was_moved_is_made_anew(tmp_path, monkeypatch):
    moved = {"VENV": tmp_path, "PYTHON": tmp_path / "python", "STAMP": tmp_path / "installed"}
    for name, value in moved.items():
        monkeypatch.setattr(bootstrap, name, value)
    monkeypatch.setattr(bootstrap, "install", lambda packages: None)
    ran = []
    monkeypatch.setattr(bootstrap, "run", lambda *command: ran.append(command) or True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    moved["PYTHON"].touch()
    bootstrap.main()
    bootstrap.main()
    assert ran == []
    moved["STAMP"].write_text(moved["STAMP"].read_text().replace(str(tmp_path), "/old/place/.venv"))
    bootstrap.main()
    assert ran == [(sys.executable, "-m", "venv", "--clear", tmp_path)]


def test_missing_python_is_told_in_a_sentence():
    done = run_bootstrap("/nowhere/python3")
    assert done.returncode == 1
    assert done.stderr.startswith("Blogsite needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_missing_venv_is_told_in_a_sentence(tmp_path):
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    python.chmod(0o755)
    done = run_bootstrap(str(python))
    assert done.returncode == 1
    assert "comes without its venv module" in done.stderr
    assert done.stderr.count("\n") == 1
