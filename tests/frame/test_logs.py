import json
import logging
import sys
import time

import pytest
from django.test import RequestFactory

from blogsite import logs
from blogsite.lib import request_id
from tests.frame.environment import PRODUCTION, run


def record(message="something.happened", *args, name="blogsite", level=logging.INFO, **extra):
    made = logging.LogRecord(name, level, __file__, 1, message, args, extra.pop("exc_info", None))
    made.__dict__.update(extra)
    return made


def told(*args, secrets=(), **kwargs) -> dict:
    line = logs.JsonLines(secrets=secrets).format(record(*args, **kwargs))
    assert "\n" not in line
    return json.loads(line)


def test_an_event_is_one_object_on_one_line():
    event = told("post.published %s", 12, slug="a-day", words=300)
    assert event["message"] == "post.published 12"
    assert (event["level"], event["logger"]) == ("info", "blogsite")
    assert (event["slug"], event["words"]) == ("a-day", 300)
    assert event["time"].endswith("+00:00")


def test_an_event_carries_the_request_it_belongs_to():
    request_id.current.set("0123456789abcdef")
    request = RequestFactory().get("/a-day/?page=2")
    event = told("django.failed", request=request, status_code=500)
    assert event["request_id"] == "0123456789abcdef"
    assert (event["method"], event["path"], event["status_code"]) == ("GET", "/a-day/", 500)
    request_id.current.set("")
    assert "request_id" not in told("worker.started")


def test_a_developer_reads_a_line_with_everything_in_it():
    line = logs.Readable().format(record("post.published", slug="a-day", words=300))
    assert line.endswith("INFO    blogsite: post.published slug=a-day words=300")


def test_a_traceback_is_part_of_its_event():
    try:
        raise ValueError("two\nlines")
    except ValueError:
        event = told("task.failed", exc_info=sys.exc_info())
    assert event["exception"].startswith("Traceback (most recent call last):\n")
    assert event["exception"].endswith("ValueError: two\nlines")


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer TOPSECRET",
        "{'Authorization': 'Basic TOPSECRET'}",
        "Cookie: session=TOPSECRET; csrf=TOPSECRET",
        "Set-Cookie: session=TOPSECRET; Path=/",
        "GET /preview/?token=TOPSECRET&page=2",
        "GET /x?a=1&key=TOPSECRET",
        "https://s3.example.org/a.jpg?X-Amz-Credential=TOPSECRET&X-Amz-Signature=TOPSECRET",
        "connecting to postgres://ann:TOPSECRET@db.example.org/blog",
        "redis://:TOPSECRET@localhost:6379/0",
        "host=db user=ann password=TOPSECRET dbname=blog",
        "{'password': 'TOPSECRET', 'name': 'ann'}",
        '{"secret": "TOPSECRET"}',
        "api_key: TOPSECRET",
        "GET /accounts/password/reset/MQ/TOPSECRET/",
        "GET /accounts/password/reset/key/1-TOPSECRET/",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text):
    for event in (told(text), told("%s", text), told("seen", value=text)):
        assert "TOPSECRET" not in json.dumps(event)
        assert logs.HIDDEN in json.dumps(event)
    assert "TOPSECRET" not in logs.Readable().format(record(text))


def test_hiding_takes_no_longer_than_the_line_is_long():
    began = time.process_time()
    for text in ("_" * 15_000, "x://:" * 3_000, "cookie " * 2_000, "://" * 5_000):
        told(text)
    assert time.process_time() - began < 1


def test_no_text_is_too_odd_for_a_line():
    request = RequestFactory().get("/" + "a" * 600)
    event = told("half of a pair: \ud800", request=request)
    assert event["message"] == "half of a pair: ?"
    assert len(event["path"]) == 500


def test_a_secret_in_a_traceback_is_hidden():
    try:
        raise ValueError("postgres://ann:TOPSECRET@db/blog")
    except ValueError:
        event = told("failed", exc_info=sys.exc_info())
    assert "TOPSECRET" not in event["exception"]


def test_the_process_own_secrets_are_hidden_wherever_they_stand():
    event = told("it said hunter2hunter2!", secrets=["hunter2hunter2"])
    assert event["message"] == "it said [hidden]!"


def test_an_unset_secret_hides_nothing():
    assert told("as it was", secrets=[""])["message"] == "as it was"


@pytest.mark.parametrize(
    "text",
    [
        "GET /keyboards/?page=2",
        "post.published",
        "https://example.org/a:b/",
        "monkey: 12",
        "user ann@example.org signed in",
    ],
)
def test_what_is_no_secret_stays(text):
    assert told(text)["message"] == text


def test_strangers_cause_a_line_and_no_traceback():
    made = record("Invalid host", name="django.security.DisallowedHost", level=logging.ERROR)
    made.exc_info = (ValueError, ValueError("x"), None)
    assert logs.Proportion().filter(made)
    assert (made.levelname, made.exc_info) == ("WARNING", None)


def test_missing_pages_are_not_events():
    assert not logs.Proportion().filter(record("Not Found", status_code=404))
    assert logs.Proportion().filter(record("Server Error", status_code=500))


@pytest.mark.parametrize("readable", [True, False])
def test_everything_goes_to_stdout_once(readable):
    config = logs.configuration("INFO", readable=readable)
    assert config["handlers"]["stdout"]["stream"] == "ext://sys.stdout"
    assert config["root"]["handlers"] == ["stdout"]
    assert config["loggers"]["django"] == {"handlers": [], "level": "NOTSET", "propagate": True}


def test_a_higher_level_does_not_silence_the_access_log():
    loggers = logs.configuration("ERROR", readable=False)["loggers"]
    assert loggers["blogsite.access"]["level"] == "INFO"


UNCAUGHT = """
import threading, warnings
import django
django.setup()
warnings.warn("getting old")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
raise ValueError("beyond repair")
"""


def test_what_nobody_caught_is_an_event_too():
    done = run("python", "-c", UNCAUGHT, **PRODUCTION, DJANGO_SETTINGS_MODULE="blogsite.settings")
    assert done.returncode == 1
    assert done.stderr == ""
    warned, thread, process = (json.loads(line) for line in done.stdout.splitlines())
    assert "getting old" in warned["message"]
    assert "exception" not in warned
    assert thread["message"] == "thread.failed"
    assert "Traceback" in thread["exception"]
    assert "ZeroDivisionError" in thread["exception"]
    assert process["message"] == "process.failed"
    assert "Traceback" in process["exception"]
    assert "beyond repair" in process["exception"]
