import json
import threading
import time

import pytest
from django.conf import settings as configured
from django.test import Client

from blogsite import health


@pytest.fixture(autouse=True)
def not_yet_seen_migrated():
    health._migrated.clear()
    yield
    health._migrated.clear()


def ask(path: str, **headers: str):
    response = Client(headers=headers).get(path)
    return response.status_code, json.loads(response.content)


def test_alive_asks_no_database():
    # Without the django_db mark a query would fail.
    assert ask("/health") == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "unknown.example.org", "", "a b"])
@pytest.mark.django_db(transaction=True)
def test_any_host_is_answered_and_nobody_is_sent_elsewhere(settings, path, host):
    settings.SECURE_SSL_REDIRECT = True
    settings.CANONICAL_HOST = "blog.example.org"
    response = Client(headers={"Host": host}).get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


def test_head_has_no_body():
    response = Client().head("/health")
    assert (response.status_code, response.content) == (200, b"")


def test_other_methods_are_refused():
    assert Client().post("/health").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_ready_when_everything_answers():
    assert ask("/health/ready") == (
        200,
        {
            "status": "ok",
            "checks": dict.fromkeys(("storage", "cache", "database", "migrations"), "ok"),
        },
    )


def test_not_ready_without_a_database(settings, monkeypatch):
    broken = configured.DATABASES["default"] | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "/nowhere/at/all.sqlite3",
        "OPTIONS": {},
    }
    monkeypatch.setitem(health.connections.settings, "default", broken)
    status, body = ask("/health/ready")
    assert status == 503
    assert body["checks"] == {
        "storage": "ok", "cache": "ok", "database": "failed",
        "migrations": "unknown without the database",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_not_ready_before_the_migrations(monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one"])
    status, body = ask("/health/ready")
    assert status == 503
    assert body["checks"]["migrations"] == "some are not applied: run manage.py migrate"


@pytest.mark.django_db(transaction=True)
def test_migrations_are_asked_until_they_are_applied(monkeypatch):
    ask("/health/ready")
    monkeypatch.setattr(health, "MigrationExecutor", None)
    assert ask("/health/ready")[0] == 200


@pytest.mark.django_db(transaction=True)
def test_not_ready_when_redis_is_away(settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    status, body = ask("/health/ready")
    assert (status, body["checks"]["cache"]) == (503, "failed")


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_a_place_for_uploads(settings, monkeypatch, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not" / "there" / "yet"
    assert ask("/health/ready")[0] == 200
    monkeypatch.setattr(health.os, "access", lambda place, mode: place != tmp_path)
    status, body = ask("/health/ready")
    assert (status, body["checks"]["storage"]) == (503, "the folder for uploads is read-only")


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_a_bucket(settings):
    settings.MEDIA_STORAGE, settings.S3 = "s3", {}
    status, body = ask("/health/ready")
    assert (status, body["checks"]["storage"]) == (503, "no bucket is named")


def test_a_frozen_part_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(health, "SECONDS", 0.3)
    frozen = threading.Event()
    monkeypatch.setitem(health.QUESTIONS, "database", frozen.wait)
    started = time.monotonic()
    status, body = ask("/health/ready")
    assert time.monotonic() - started < 10
    assert status == 503
    assert body["checks"]["storage"] == "ok"
    assert body["checks"]["database"].startswith("no answer within")
    monkeypatch.setitem(health.QUESTIONS, "migrations", lambda: None)
    frozen.set()
    for thread in threading.enumerate():
        if thread.name == "readiness":
            thread.join()


def test_what_failed_is_told_in_the_log_only(monkeypatch, caplog):
    def database():
        raise ValueError("the inner workings")

    monkeypatch.setitem(health.QUESTIONS, "database", database)
    _status, body = ask("/health/ready")
    assert "inner" not in json.dumps(body)
    failed, not_ready = caplog.records
    assert failed.error == "the inner workings"
    assert (not_ready.levelname, not_ready.database) == ("WARNING", "failed")
