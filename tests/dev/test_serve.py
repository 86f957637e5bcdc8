import socket

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


def test_web_line_is_the_one_of_the_procfile():
    assert serve.procfile()["web"][0] == "gunicorn"


def test_secret_key_is_made_once_and_private(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "STATE", tmp_path)
    first = serve.secret_key()
    assert serve.secret_key() == first
    assert len(first) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
