"""What gunicorn.conf.py says; that it works is shown by the running server's tests."""

import runpy
from types import SimpleNamespace
from unittest import mock

import pytest

from tests.frame.environment import PRODUCTION, ROOT, settings_with

ROUTER_GIVES_UP = 30


@pytest.fixture
def config():
    def load(**variables: str) -> SimpleNamespace:
        with mock.patch("django.conf.settings", settings_with(**PRODUCTION | variables)):
            return SimpleNamespace(**runpy.run_path(str(ROOT / "gunicorn.conf.py")))

    return load


def test_the_environment_decides_how_much(config):
    found = config(PORT="5001", WEB_CONCURRENCY="3", GUNICORN_THREADS="7", LOG_LEVEL="ERROR")
    assert (found.bind, found.workers, found.threads) == ("0.0.0.0:5001", 3, 7)
    assert found.loglevel == "error"


def test_everything_ends_before_the_router_gives_up(config):
    assert config().timeout < ROUTER_GIVES_UP
    assert config().graceful_timeout < ROUTER_GIVES_UP


def test_connections_spread_over_the_processes(config):
    assert config().worker_class == "gthread"
    assert config().reuse_port is True


def test_nobody_else_believes_a_proxy(config):
    assert config().secure_scheme_headers == {}
    assert config().forwarder_headers == ""


@pytest.mark.parametrize(("word", "started"), [("true", 1), ("false", 0)])
def test_a_companion_is_started_when_asked_for(config, word, started):
    found = config(WORKER=word)
    arbiter = SimpleNamespace()
    with mock.patch("blogsite.companion.start") as start:
        found.when_ready(arbiter)
    assert start.call_count == started
