"""The line that every request leaves in the log."""

import json
import logging

import pytest

from blogsite import logs
from blogsite.pagecache import visit
from tests.pagecache.reader import ask
from tests.pagecache.sample import write


@pytest.fixture
def site(settings, new_process):
    settings.ACCESS_LOG = True
    write(1, "tide")
    return new_process()


def test_line_of_a_kept_page_is_one_json_object(site, capfd):
    ask(site, "/1/", x_request_id="abc-12345")
    ask(site, "/1/?utm_source=secret", x_request_id="def-12345", accept_encoding="br")
    cold, kept = (json.loads(line) for line in capfd.readouterr().out.splitlines())
    assert cold["source"] == "rendered"
    assert kept.keys() == {
        "time", "level", "logger", "message", "request_id", "status", "bytes", "ms", "source",
    }  # fmt: skip
    assert kept | {"time": 0, "ms": 0, "bytes": 0} == {
        "time": 0,
        "level": "info",
        "logger": "blogsite.access",
        "message": "GET /1/",
        "request_id": "def-12345",
        "status": 200,
        "bytes": 0,
        "ms": 0,
        "source": "memory",
    }
    assert 0 < kept["bytes"] < cold["bytes"]
    assert 0 < kept["ms"] < 1000


def test_line_looks_like_those_of_the_loggers(site, capfd):
    ask(site, "/1/")
    [ours] = capfd.readouterr().out.splitlines()
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "words"})
    theirs = json.loads(logs.JsonLines().format(record))
    ours = json.loads(ours)
    assert list(theirs)[:4] == list(ours)[:4]
    assert len(theirs["time"]) == len(ours["time"])
    assert theirs["time"][:14] == ours["time"][:14]


def test_line_of_an_odd_path_is_one_json_object(site, capfd, monkeypatch):
    """A path of a public page that no slug looks like today."""
    mark = site.door.page("/1/")
    monkeypatch.setattr(site.door, "page", lambda path: mark)
    for path in ("/%22%0A%5C/", "/caf%C3%A9/", "/%ff/", "/%E2%80%A8/"):
        ask(site, path)
    lines = [line for line in capfd.readouterr().out.split("\n") if line.startswith("{")]
    assert [json.loads(line)["message"] for line in lines] == [
        'GET /"\n\\/', "GET /café/", "GET /\ufffd/", "GET /\u2028/",
    ]  # fmt: skip


def test_redirects_to_our_host_are_logged_with_the_same_care(settings, new_process, caplog, capfd):
    settings.ACCESS_LOG, settings.CANONICAL_HOST = True, "elsewhere.example"
    site = new_process()
    with caplog.at_level(logging.INFO, logger="blogsite.access"):
        ask(site, "/password/reset/a-secret/")
        ask(site, f"/{'x' * 10_000}")
    redirected, refused = (one for one in caplog.records if one.name == "blogsite.access")
    assert (redirected.status, refused.status) == (301, 414)
    assert len(refused.getMessage()) < 1000
    assert logs.JsonLines().format(redirected).count("a-secret") == 0
    assert not [line for line in capfd.readouterr().out.splitlines() if line.startswith("{")]


def test_passed_on_requests_go_through_the_logger_that_hides_secrets(site, caplog):
    with caplog.at_level(logging.INFO, logger="blogsite.access"):
        ask(site, "/desk/?token=abc")
    [record] = [one for one in caplog.records if one.name == "blogsite.access"]
    assert record.getMessage() == "GET /desk/"
    assert (record.status, record.source) == (200, "application")


@pytest.mark.parametrize("switch", ["ACCESS_LOG", "LOG_LEVEL"])
def test_no_line_when_nobody_wants_it(settings, new_process, capfd, caplog, switch):
    settings.ACCESS_LOG = switch != "ACCESS_LOG"
    visit.access.setLevel("WARNING" if switch == "LOG_LEVEL" else "NOTSET")
    write(1, "tide")
    site = new_process()
    ask(site, "/1/"), ask(site, "/1/"), ask(site, "/desk/")
    visit.access.setLevel("NOTSET")
    assert capfd.readouterr().out == ""
    assert not caplog.records


def test_log_that_nobody_reads_keeps_nobody_from_reading(site, monkeypatch):
    def broken(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(visit.os, "write", broken)
    assert ask(site, "/1/").status == 200
