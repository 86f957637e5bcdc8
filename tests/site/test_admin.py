"""The settings: one form, for administrators."""

import html

import pytest

from blogsite.pagecache.stamps import pending
from blogsite.site import look
from blogsite.site.models import SiteSettings
from tests import factories

pytestmark = pytest.mark.django_db

LIST, FORM = "/admin/site/sitesettings/", "/admin/site/sitesettings/1/change/"
GOOD = {
    "title": "Low Water",
    "tagline": "Notes from a harbour",
    "description": "",
    "language": "nl",
    "time_zone": "Europe/Berlin",
    "navigation": "Über uns /ueber-uns/\r\nTides /tides/",
    "social_links": "Mastodon https://social.example/@low",
    "footer_text": "Set in **your** typefaces.",
    "accent": "#0b6152",
    "paper": "cool",
    "typeface": "sans",
    "width": "wide",
    "home_layout": "cards",
    "posts_per_page": "12",
    "crawlers": "no-training",
}


@pytest.fixture(autouse=True)
def administrator(client):
    person = factories.user("ada", role="Administrator")
    client.force_login(person)
    return person


def send(client, **changes):
    return client.post(FORM, GOOD | changes)


def words(response) -> str:
    return html.unescape(response.content.decode())


def test_list_leads_to_the_form(client):
    assert client.get(LIST).headers["Location"] == FORM


def test_form_opens_where_the_row_is_gone(client):
    SiteSettings.objects.all().delete()
    assert client.get(FORM).status_code == 200
    assert SiteSettings.objects.count() == 1


def test_there_is_no_second_site(client):
    assert client.get("/admin/site/sitesettings/add/").status_code == 403
    assert client.get("/admin/site/sitesettings/1/delete/").status_code == 403


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator"])
def test_others_do_not_get_in(client, role):
    client.force_login(factories.user(role=role))
    assert client.get(FORM).status_code == 403
    assert send(client).status_code == 403
    assert SiteSettings.current().title == "New blog"


def test_everything_is_saved(client):
    assert send(client).headers["Location"] == FORM
    site = SiteSettings.current()
    assert site.title == "Low Water"
    assert site.navigation == [
        {"label": "Über uns", "address": "/ueber-uns/"},
        {"label": "Tides", "address": "/tides/"},
    ]
    assert site.social_links == [{"label": "Mastodon", "address": "https://social.example/@low"}]
    assert site.footer_html == "<p>Set in <strong>your</strong> typefaces.</p>\n"
    assert (site.language, site.time_zone, site.posts_per_page) == ("nl", "Europe/Berlin", 12)
    assert (site.accent, site.paper, site.typeface) == ("#0b6152", "cool", "sans")
    assert site.look_url("browse") == look.sheet("#0b6152", "cool", "wide").url
    assert "site" in pending()


def test_form_shows_what_was_saved(client):
    send(client)
    shown = words(client.get(FORM))
    assert "Über uns /ueber-uns/\nTides /tides/</textarea>" in shown
    assert '<option value="nl" selected>Nederlands</option>' in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"accent": "reddish"}, "Write a colour as # and six digits"),
        ({"navigation": "About about"}, "Line 1, “About about”: the address begins with one of /"),
        ({"navigation": "/about/"}, "Line 1, “/about/”: write a name and then the address."),
        ({"social_links": "Me me@example.org"}, "Line 1, “Me me@example.org”: the address"),
        ({"time_zone": "Mars/Olympus"}, "“Mars/Olympus” is no time zone."),
        ({"language": "klingon"}, "“klingon” is no language we know."),
        ({"posts_per_page": "51"}, "less than or equal to 50"),
        ({"title": ""}, "This field is required."),
        ({"paper": "pink"}, "pink is not one of the available choices"),
        ({"title": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_mistake_is_told_and_nothing_typed_is_lost(client, changes, told):
    response = send(client, **changes)
    if response.status_code == 400:  # refused at the door, before any form
        assert "\x00" in changes["title"]
        return
    assert response.status_code == 200
    shown = words(response)
    assert told in shown
    kept = GOOD | changes
    assert f'value="{kept["tagline"]}"' in shown
    assert kept["navigation"].replace("\r\n", "\n") in shown.replace("\r\n", "\n")
    assert SiteSettings.current().title == "New blog"


def test_contrast_of_a_good_accent_is_told(client):
    response = client.post(FORM, GOOD, follow=True)
    assert "The accent can be read: contrast 5" in words(response)


def test_contrast_of_a_pale_accent_is_told_with_what_was_done(client):
    response = client.post(FORM, GOOD | {"accent": "#ffd54a", "language": "en"}, follow=True)
    shown = words(response)
    assert "#ffd54a on paper has a contrast of 1.3, too little to read." in shown
    assert "Readers get a darker shade of it: 5.3 by day" in shown


def test_language_that_is_no_longer_offered_stays_chosen(client):
    SiteSettings.objects.update(language="tlh", time_zone="US/Eastern")
    shown = words(client.get(FORM))
    assert '<option value="tlh" selected>' in shown
    assert '<option value="US/Eastern" selected>' in shown
