import os

import pytest

from blogsite import checks
from blogsite.env import Refusal
from tests.frame.environment import PRODUCTION, STRONG_KEY, run, settings_with

BUCKET = {
    "AWS_STORAGE_BUCKET_NAME": "pictures",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "secret",
}
POSTGRES = {"DATABASE_URL": "postgres://a:b@c/d"}
GOOD = PRODUCTION | BUCKET | POSTGRES
PLATFORM = ("DYNO", "KUBERNETES_SERVICE_HOST")


@pytest.fixture
def found(monkeypatch, tmp_path):
    """What the checks say of an environment, by id, on a machine that is no container."""
    monkeypatch.setattr(checks, "_in_container", lambda: False)
    (tmp_path / "staticfiles.json").write_text("{}")

    def ask(environment: dict[str, str], **change: str) -> dict[str, checks.CheckMessage]:
        for name in PLATFORM:
            monkeypatch.delenv(name, raising=False)
            if name in change:
                monkeypatch.setenv(name, change.pop(name))
        settings = settings_with(**environment | change)
        settings.STATIC_ROOT = tmp_path
        monkeypatch.setattr(checks, "settings", settings)
        return {problem.id: problem for problem in checks.problems()}

    return ask


def test_a_good_configuration_has_no_problem(found):
    assert found(GOOD) == {}


def test_development_has_no_problem(found):
    assert found({}) == {}


def test_every_problem_has_an_id_and_a_hint(found):
    problems = found({"ENV": "production", "DEBUG": "1", "AWS_ACCESS_KEY_ID": "id"}, DYNO="web.1")
    assert len(problems) == 8
    for problem in problems.values():
        assert problem.id.startswith("blogsite.")
        assert problem.hint


@pytest.mark.parametrize("platform", PLATFORM)
def test_development_on_a_platform(found, platform):
    assert list(found({}, **{platform: "1"})) == ["blogsite.E001"]


def test_debug(found):
    assert list(found(GOOD, DEBUG="true")) == ["blogsite.E002"]


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 60, "django-insecure-" + STRONG_KEY, "development-only-not-a-secret"]
)
def test_weak_or_missing_secret_key(found, key):
    problems = found(GOOD, SECRET_KEY=key)
    assert list(problems) == ["blogsite.E003"]
    assert ("missing" in problems["blogsite.E003"].msg) is (key == "")


def test_weak_fallback_key(found):
    assert list(found(GOOD, SECRET_KEY_FALLBACKS="old")) == ["blogsite.E003"]
    assert found(GOOD, SECRET_KEY_FALLBACKS=STRONG_KEY[::-1]) == {}


def test_a_key_as_heroku_makes_it_is_strong(found):
    assert found(GOOD, SECRET_KEY="0f4d9c3b7a6e5182" * 4) == {}


def test_wildcard_host(found):
    assert list(found(GOOD, ALLOWED_HOSTS="example.org,*")) == ["blogsite.E004"]


def test_no_host(found):
    problems = found(GOOD, ALLOWED_HOSTS="", CANONICAL_HOST="")
    assert list(problems) == ["blogsite.E005", "blogsite.W004"]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"AWS_STORAGE_BUCKET_NAME": ""}, "AWS_STORAGE_BUCKET_NAME"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "AWS_SECRET_ACCESS_KEY"),
        ({"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID"),
        (dict.fromkeys(BUCKET, "") | {"MEDIA_STORAGE": "s3"}, "AWS_STORAGE_BUCKET_NAME"),
    ],
)
def test_s3_by_half(found, change, missing):
    problems = found(GOOD, **change)
    assert list(problems) == ["blogsite.E006"]
    assert missing in problems["blogsite.E006"].msg


def test_a_bucket_without_keys_is_whole_where_a_role_gives_access(found):
    assert found(GOOD, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="") == {}


def test_sqlite_on_heroku(found):
    assert list(found(GOOD, DATABASE_URL="", DYNO="web.1")) == ["blogsite.E007"]


def test_static_files_not_collected(found, tmp_path):
    (tmp_path / "staticfiles.json").unlink()
    assert list(found(GOOD)) == ["blogsite.E008"]


def test_uploads_on_herokus_disk(found):
    bare = dict.fromkeys(BUCKET, "")
    on_disk = bare | {"MEDIA_STORAGE": "disk"}
    assert list(found(GOOD, **on_disk, DYNO="web.1")) == ["blogsite.W001"]
    assert found(GOOD, **on_disk) == {}
    assert found(GOOD, **bare, DYNO="web.1") == {}


@pytest.fixture
def container(monkeypatch):
    """In a container, of whose paths only /volume lies on another device."""
    monkeypatch.setattr(checks, "_in_container", lambda: True)
    ours = os.stat("/").st_dev
    monkeypatch.setattr(checks, "_device", lambda p: ours + (str(p).startswith("/volume")))


def test_uploads_in_a_container(found, container):
    on_disk = dict.fromkeys(BUCKET, "")
    assert list(found(GOOD, **on_disk, MEDIA_ROOT="/data/media")) == ["blogsite.W001"]
    assert found(GOOD, **on_disk, MEDIA_ROOT="/volume/media") == {}


def test_sqlite_in_a_container(found, container):
    assert list(found(GOOD, DATABASE_URL="sqlite:////data/db")) == ["blogsite.W002"]
    assert found(GOOD, DATABASE_URL="sqlite:////volume/db") == {}


def test_the_device_of_what_is_not_there_yet_is_its_parents(tmp_path):
    assert checks._device(tmp_path / "a" / "b") == tmp_path.stat().st_dev


def test_console_mail(found):
    assert list(found(GOOD, EMAIL_URL="")) == ["blogsite.W003"]
    assert found(GOOD, EMAIL_URL="", ENV="staging") == {}


def test_missing_canonical_host(found):
    assert list(found(GOOD, CANONICAL_HOST="")) == ["blogsite.W004"]


def test_undecided_proxies(found):
    assert list(found(GOOD, TRUSTED_PROXY_COUNT="")) == ["blogsite.W005"]


@pytest.mark.parametrize(
    "change",
    [
        {"WEB_CONCURRENCY": "4"},
        {"GUNICORN_THREADS": "10"},
        {"DATABASE_POOL_SIZE": "11"},
        {"DATABASE_CONNECTION_LIMIT": "11"},
        {"WEB_CONCURRENCY": "3", "WORKER": "true"},
    ],
)
def test_more_connections_than_the_plan_allows(found, change):
    assert list(found(GOOD, **change)) == ["blogsite.W006"]


def test_connections_fit_with_defaults_even_with_a_worker(found):
    assert found(GOOD, WORKER="true") == {}


def test_an_outer_pooler_counts_its_connections_itself(found):
    assert found(GOOD, WEB_CONCURRENCY="50", DATABASE_POOL_SIZE="0") == {}


def test_django_knows_the_checks():
    done = run("python", "manage.py", "check", ENV="production")
    assert done.returncode == 1
    assert "(blogsite.E003) SECRET_KEY is missing." in done.stderr


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"DEBUG": "true"}, "blogsite.E002"),
        ({"SECRET_KEY": ""}, "blogsite.E003"),
        ({"SECRET_KEY": "weak"}, "blogsite.E003"),
        ({"ALLOWED_HOSTS": "*"}, "blogsite.E004"),
    ],
)
def test_production_refuses_to_start_unsafely(found, change, problem):
    found(GOOD, **change)
    with pytest.raises(Refusal, match=problem):
        checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    "command",
    [
        ("python", "-m", "gunicorn", "blogsite.wsgi", "--bind", "127.0.0.1:0"),
        ("python", "-c", "import blogsite.wsgi"),
        ("python", "-c", "import blogsite.asgi"),
        ("python", "manage.py", "runserver", "--noreload", "127.0.0.1:0"),
    ],
)
def test_every_server_asks_before_it_starts(command):
    done = run(*command, **PRODUCTION | {"DEBUG": "true"})
    assert done.returncode == 1
    assert "blogsite.E002" in done.stderr
    assert "Traceback" not in done.stderr


def test_warnings_are_logged(found, caplog):
    found(GOOD, CANONICAL_HOST="")
    with caplog.at_level("WARNING", "blogsite.checks"):
        checks.log_warnings()
    assert [record.getMessage().partition(" ")[0] for record in caplog.records] == ["blogsite.W004"]


def test_nothing_stands_in_the_way_of_building(tmp_path):
    done = run("python", "manage.py", "collectstatic", "--noinput", "--dry-run", ENV="production")
    assert done.returncode == 0, done.stderr
