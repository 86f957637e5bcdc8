"""Error pages come out whatever has happened."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import RequestFactory

from blogsite.site import errors
from blogsite.site.models import SiteSettings

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {
    403: errors.permission_denied,
    404: errors.not_found,
    429: lambda request: errors.too_many(request, retry_after=600),
}
BARE = {400: errors.bad_request, 500: errors.server_error, 503: errors.unavailable}


def away(execute, sql, params, many, context):
    raise OperationalError("the server closed the connection")


@pytest.fixture
def request_(rf: RequestFactory):
    return rf.get("/nowhere/")


@pytest.fixture
def low_water(db):
    SiteSettings.objects.update(title="Low Water", language="nl")
    SiteSettings.current()


@pytest.mark.parametrize(("status", "page"), (WHOLE | BARE).items())
def test_page_has_its_status_and_the_sites_name(low_water, request_, status, page):
    response = page(request_)
    text = response.content.decode()
    assert response.status_code == status
    assert "<title>" in text
    assert "Low Water</title>" in text
    assert 'lang="nl"' in text
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("status", "page"), WHOLE.items())
def test_whole_page_comes_without_the_database(low_water, request_, status, page):
    with connection.execute_wrapper(away):
        response = page(request_)
    assert response.status_code == status
    assert "Low Water" in response.content.decode()


@pytest.mark.parametrize(("status", "page"), BARE.items())
def test_bare_page_asks_nobody(low_water, request_, django_assert_num_queries, status, page):
    with django_assert_num_queries(0):
        page(request_)


def test_bare_page_trusts_no_part_of_the_request(low_water):
    assert errors.bad_request(None).status_code == 400
    assert errors.server_error(None).status_code == 500


def test_form_that_is_too_old_is_explained(low_water, request_):
    response = errors.csrf_failure(request_, reason="no cookie")
    assert response.status_code == 403
    assert "your words are still in the form" in response.content.decode()


def test_csrf_failure_is_ours(client, low_water):
    response = type(client)(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert "This form has grown too old" in response.content.decode()


def test_too_many_says_when_to_come_back(low_water, request_):
    response = errors.too_many(request_, retry_after=600)
    assert response["Retry-After"] == "600"
    assert "In 10 minutes" in response.content.decode()
    assert "In one minute" in errors.too_many(request_, retry_after=30).content.decode()


@pytest.mark.parametrize(
    ("failure", "status"),
    [(OperationalError(), 503), (InterfaceError(), 503), (ValueError(), 500), (KeyError(), 500)],
)
def test_failure_on_the_way_to_the_database_is_a_503(low_water, request_, failure, status):
    try:
        raise failure
    except Exception:
        response = errors.server_error(request_)
    assert response.status_code == status
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)


def test_database_away_is_a_503_and_not_a_crash(client, low_water):
    client.raise_request_exception = False
    with connection.execute_wrapper(away):
        response = client.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"


def test_address_is_shown_shortened_and_harmless(client, low_water):
    page = client.get("/<script>alert(1)</script>/" + "a" * 500 + "/").content.decode()
    assert "<code>/&lt;script&gt;alert(1)&lt;/script&gt;/aaa" in page
    assert "a" * 101 not in page


@pytest.mark.parametrize("broken", ["404.html", "500.html", "base.html"])
def test_broken_template_still_gives_an_answer(low_water, request_, settings, tmp_path, broken):
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / broken).write_text("{% no_such_tag %}")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [folder, *engine["DIRS"]]}]
    assert errors.not_found(request_).status_code == (404 if broken == "500.html" else 500)
    assert errors.server_error(request_).status_code == 500


def test_pages_come_from_a_process_that_never_met_its_database():
    """A fresh process, a database that nobody answers at."""
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client(raise_request_exception=False, headers={'host': 'localhost'})\n"
        "paths = '/a/b/c/', '/', '/look-0123456789ab.css', '/a%00b/'\n"
        "print(*(client.get(path).status_code for path in paths))\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "blogsite.settings",
        "DATABASE_URL": "sqlite:////no/such/folder/blog.sqlite3",
        "DEBUG": "false",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1:] == ["404 503 200 400"], done.stderr
