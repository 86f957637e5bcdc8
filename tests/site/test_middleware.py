"""Pages speak the site's language and live in its time zone, whoever asks."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from blogsite.site.models import SiteSettings
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def german_site():
    SiteSettings.objects.update(language="de", time_zone="Pacific/Auckland")


@pytest.fixture
def late_post():
    return factories.post("Fog", published_at=datetime(2026, 3, 1, 22, 30, tzinfo=UTC))


@pytest.mark.parametrize("asked", ["", "fr", "en-GB,en;q=0.9", "*", "x" * 500])
def test_page_speaks_the_sites_language(client, german_site, late_post, asked):
    for path in ("/", "/fog/"):
        page = client.get(path, headers={"accept-language": asked}).content.decode()
        assert '<html lang="de"' in page
        # Half past ten in the evening in Greenwich is the next morning in New Zealand.
        assert '<time datetime="2026-03-02T11:30+13:00">2. März 2026</time>' in page


def test_english_dates_are_written_out(client, late_post):
    assert ">1 March 2026</time>" in client.get("/fog/").content.decode()


def test_language_ends_with_the_request(client, german_site):
    before = translation.get_language(), timezone.get_current_timezone_name()
    client.get("/")
    assert (translation.get_language(), timezone.get_current_timezone_name()) == before


def test_right_to_left_site_says_so(client):
    SiteSettings.objects.update(language="ar")
    assert '<html lang="ar" dir="rtl">' in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/fog/", "/no-such-post/", "/no/such/place/"])
def test_request_reads_the_settings_once(client, late_post, path):
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    whole_row = 'SELECT * FROM "site_sitesettings"'
    assert [one["sql"] for one in asked.captured_queries].count(whole_row) == 1
