import pytest

from blogsite.env import Refusal
from tests.frame.environment import PRODUCTION, STRONG_KEY, run, settings_with


def test_importable_with_nothing_set():
    found = settings_with()
    assert found.ENV == "development"
    assert found.DEBUG is True
    assert found.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.mark.parametrize("env", ["staging", "production"])
def test_importable_for_building_with_nothing_but_env(env):
    found = settings_with(ENV=env)
    assert found.DEBUG is False
    assert found.SECRET_KEY == ""
    assert found.ALLOWED_HOSTS == []


def test_production_is_https_only():
    found = settings_with(**PRODUCTION)
    assert found.SECURE_SSL_REDIRECT is True
    assert found.SECURE_HSTS_SECONDS == 365 * 86_400
    assert found.SESSION_COOKIE_SECURE is found.CSRF_COOKIE_SECURE is True


def test_staging_keeps_no_browser_on_https_for_a_year():
    assert settings_with(ENV="staging").SECURE_HSTS_SECONDS == 0


def test_development_works_over_plain_http():
    found = settings_with()
    assert found.SECURE_SSL_REDIRECT is False
    assert found.SECURE_HSTS_SECONDS == 0
    assert found.SESSION_COOKIE_SECURE is found.CSRF_COOKIE_SECURE is False


def test_cookies_follow_https_unless_said_otherwise():
    assert settings_with(**PRODUCTION, SECURE_SSL_REDIRECT="no").SESSION_COOKIE_SECURE is False
    behind = settings_with(**PRODUCTION, SECURE_SSL_REDIRECT="no", SECURE_COOKIES="yes")
    assert behind.SESSION_COOKIE_SECURE is behind.CSRF_COOKIE_SECURE is True


def test_canonical_host_is_always_allowed():
    found = settings_with(ALLOWED_HOSTS="example.org", CANONICAL_HOST="www.example.org")
    assert found.ALLOWED_HOSTS == ["example.org", "www.example.org"]
    assert settings_with(CANONICAL_HOST="localhost:8000").ALLOWED_HOSTS.count("localhost") == 1


def test_proxies_are_believed_only_when_told_so():
    assert settings_with(**PRODUCTION).SECURE_PROXY_SSL_HEADER is None
    told = settings_with(**PRODUCTION | {"TRUSTED_PROXY_COUNT": "2"})
    assert told.SECURE_PROXY_SSL_HEADER == ("HTTP_X_FORWARDED_PROTO", "https")
    assert told.TRUSTED_PROXY_COUNT == 2


def test_unset_proxies_are_none_and_undeclared():
    found = settings_with(ENV="production")
    assert found.TRUSTED_PROXY_COUNT == 0
    assert found.PROXIES_DECLARED is False


def test_a_prefix_reaches_every_address_and_cookie():
    found = settings_with(SCRIPT_NAME="/blog/")
    assert found.FORCE_SCRIPT_NAME == "/blog"
    assert found.STATIC_URL == "/blog/static/"
    assert found.MEDIA_URL == "/blog/media/"
    paths = {found.SESSION_COOKIE_PATH, found.CSRF_COOKIE_PATH, found.LANGUAGE_COOKIE_PATH}
    assert paths == {"/blog/"}


def test_without_a_prefix_all_is_at_the_root():
    found = settings_with()
    assert found.FORCE_SCRIPT_NAME is None
    assert (found.STATIC_URL, found.MEDIA_URL, found.SESSION_COOKIE_PATH) == (
        "/static/",
        "/media/",
        "/",
    )


def test_release_is_herokus_commit_unless_named():
    assert settings_with().RELEASE_ID == "unreleased"
    assert settings_with(HEROKU_SLUG_COMMIT="abc").RELEASE_ID == "abc"
    assert settings_with(HEROKU_SLUG_COMMIT="abc", RELEASE_ID="v7").RELEASE_ID == "v7"


def test_static_files_are_hashed_outside_development_only():
    assert settings_with(ENV="staging").STORAGES["staticfiles"]["BACKEND"] == (
        "blogsite.static.HashedStaticFiles"
    )
    assert settings_with().STORAGES["staticfiles"]["BACKEND"].endswith("StaticFilesStorage")


@pytest.mark.parametrize("name", ["DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE"])
def test_settings_that_django_ignores_are_not_used(name):
    assert not hasattr(settings_with(), name)


@pytest.mark.parametrize(
    ("choice", "backend"),
    [("", "DatabaseBackend"), ("database", "DatabaseBackend"), ("immediate", "ImmediateBackend")],
)
def test_tasks_wait_in_the_database_unless_told_otherwise(choice, backend):
    assert settings_with(TASKS=choice).TASKS["default"]["BACKEND"].endswith(backend)


def test_mail_is_caught_outside_production_and_queued_everywhere():
    for env in ("development", "staging"):
        assert settings_with(ENV=env).BLOG_MAIL_TRANSPORT.endswith("console.EmailBackend")
    found = settings_with(**PRODUCTION | {"EMAIL_URL": "smtp+tls://ann:pw@mail.example.org:587"})
    assert found.BLOG_MAIL_TRANSPORT.endswith("smtp.EmailBackend")
    assert (found.EMAIL_HOST, found.EMAIL_PORT, found.EMAIL_USE_TLS) == (
        "mail.example.org",
        587,
        True,
    )


def test_mail_comes_from_the_canonical_host():
    assert settings_with(CANONICAL_HOST="www.example.org").DEFAULT_FROM_EMAIL == (
        "blog@www.example.org"
    )
    assert settings_with(DEFAULT_FROM_EMAIL="Ann <a@b.org>").SERVER_EMAIL == "Ann <a@b.org>"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "prod"), ("DEBUG", "ture"), ("ALLOWED_HOSTS", "https://a.org"),
        ("CANONICAL_HOST", "*"), ("TRUSTED_PROXY_COUNT", "yes"), ("SCRIPT_NAME", "blog"),
        ("PORT", "http"), ("WEB_CONCURRENCY", "0"), ("GUNICORN_THREADS", "many"),
        ("WORKER", "maybe"), ("PAGE_CACHE_BYTES", "24MB"), ("DATABASE_URL", "mysql://a/b"),
        ("DATABASE_POOL_SIZE", "-1"), ("DATABASE_POOL_SIZE", "1"),
        ("DATABASE_STATEMENT_TIMEOUT", "20s"),
        ("DATABASE_CONNECTION_LIMIT", "0"), ("REDIS_URL", "localhost"), ("TASKS", "celery2"),
        ("MEDIA_STORAGE", "s4"), ("AWS_S3_ENDPOINT_URL", "s3.example.org"),
        ("AWS_S3_ENDPOINT_URL", "https://"), ("AWS_S3_ENDPOINT_URL", "https://h:port"),
        ("AWS_S3_CUSTOM_DOMAIN", "https://a.org"), ("AWS_S3_ADDRESSING_STYLE", "dns"),
        ("AWS_QUERYSTRING_AUTH", "si"), ("EMAIL_URL", "mail.example.org"),
        ("SECURE_SSL_REDIRECT", "ja"), ("SECURE_COOKIES", "ja"), ("SECURE_HSTS_SECONDS", "1y"),
        ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "all"), ("MAX_UPLOAD_BYTES", "20 MB"),
        ("LOG_LEVEL", "LOUD"), ("ACCESS_LOG", "stdout"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_line_with_name_and_example(name, value):
    with pytest.raises(Refusal) as caught:
        settings_with(**{name: value})
    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert f"Example: {name}=" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "command",
    [
        ("python", "manage.py", "check"),
        ("python", "manage.py", "runserver", "--noreload", "127.0.0.1:0"),
        ("python", "manage.py", "wait_for_db"),
        ("python", "-m", "gunicorn", "blogsite.wsgi"),
        ("python", "-c", "import blogsite.wsgi"),
        ("python", "-c", "import blogsite.asgi"),
    ],
)
def test_every_way_in_ends_with_one_line_and_no_traceback(command):
    done = run(*command, DATABASE_URL="mysql://a/b")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("DATABASE_URL: neither PostgreSQL nor SQLite. Example: ")
    assert done.stderr.count("\n") == 1


def test_a_key_that_begins_with_a_dollar_is_taken_as_it_stands():
    assert f"${STRONG_KEY}" == settings_with(SECRET_KEY=f"${STRONG_KEY}").SECRET_KEY


def test_a_worker_without_a_queue_is_refused():
    with pytest.raises(Refusal, match="WORKER: there is nothing to do for it with TASKS=immediate"):
        settings_with(WORKER="true", TASKS="immediate")
