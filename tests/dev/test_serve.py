import os
import socket
import sys

import pytest

from dev import serve


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_is_the_first_free_one(monkeypatch):
    monkeypatch.setattr(serve, "port_is_free", lambda port: port > 8002)
    assert serve.choose_port(None) == 8003


def test_wanted_port_is_respected():
    assert serve.choose_port("28123") == 28123


def test_taken_port_is_refused_in_a_sentence(taken):
    with pytest.raises(SystemExit, match=f"Port {taken} cannot be used"):
        serve.choose_port(str(taken))


@pytest.mark.parametrize("wanted", ["99999", "0", "9" * 5000, "http"])
def test_port_that_cannot_be_one_is_refused_in_a_sentence(wanted):
    with pytest.raises(SystemExit, match="cannot be used here"):
        serve.choose_port(wanted)


def test_development_takes_its_port_from_the_file(tmp_path, monkeypatch):
    (tmp_path / "env").write_text("PORT=28123\n")
    environment = {"ENV_FILE": str(tmp_path / "env")}
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr("environ.Env.ENVIRON", environment)
    monkeypatch.setattr(sys, "argv", ["serve", "development"])
    monkeypatch.setattr(serve, "development", lambda port: port)
    with pytest.raises(SystemExit, match="28123"):
        serve.main()


def test_web_line_is_the_one_of_the_procfile():
    assert serve.procfile()["web"][0] == "gunicorn"


def test_secret_key_is_made_once_and_private(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "STATE", tmp_path)
    first = serve.secret_key()
    assert serve.secret_key() == first
    assert len(first) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
