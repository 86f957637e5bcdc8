"""The look before it is stored: real pages, for those who may change it."""

import html
import re

import pytest

from blogsite.site.models import SiteSettings
from tests import factories
from tests.site.test_admin import FORM, GOOD

pytestmark = pytest.mark.django_db

PREVIEW, SHEET = "/admin/site/sitesettings/preview/", "/admin/site/sitesettings/look/"


@pytest.fixture(autouse=True)
def administrator(client):
    client.force_login(factories.user(role="Administrator"))
    factories.post("Fog", body="Over the harbour.")


def preview(client, **fields):
    return client.post(PREVIEW, GOOD | {"language": "en"} | fields)


def test_page_is_shown_as_it_would_be_and_nothing_is_stored(client):
    before = client.get("/").content
    response = preview(
        client, footer_text="Set *anew*.", home_layout="magazine", navigation="A /a/"
    )
    page = response.content.decode()
    assert "<title>Low Water</title>" in page
    assert 'data-type="sans"' in page
    assert "<p>Set <em>anew</em>.</p>" in page
    assert '<a href="/a/">A</a>' in page
    assert 'class="mag"' in page
    assert SiteSettings.current().title == "New blog"
    assert client.get("/").content == before
    post = preview(client, path="/fog/", language="de").content.decode()
    assert "<h1>Fog</h1>" in post
    assert 'lang="de"' in post
    assert "Zum Inhalt" in post


def test_its_sheet_has_the_colours_of_the_form_in_every_process(client):
    page = preview(client, accent="#0b6152", paper="cool", width="narrow").content.decode()
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    sheet = client.get(html.unescape(address))
    assert sheet.headers["Content-Type"] == "text/css"
    assert sheet.content.decode().endswith(";--n:250;--w:0.88}")
    for wrong in ("red}body{/cool/narrow/0", "0b6152/pink/narrow/0", "0b6152/cool/huge/0"):
        assert client.get(f"{SHEET}{wrong}/browse.css").status_code in (301, 404)
    assert client.get(f"{SHEET}0b6152/cool/wide/0/huge.css").status_code in (301, 404)
    assert "wide/0/article.css" in preview(client, path="/fog/", width="wide").content.decode()


def test_only_our_own_frames_may_show_it_and_nobody_keeps_it(client):
    response = preview(client)
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response.headers["Cache-Control"]
    form = client.get(FORM)
    assert "frame-ancestors 'none'" in form.headers["Content-Security-Policy"]
    assert (
        'formaction="/admin/site/sitesettings/preview/" formtarget="_blank"'
        in form.content.decode()
    )
    assert 'name="path" value="/fog/"' in form.content.decode()


def test_code_in_the_head_is_left_out(client):
    page = preview(client, head_code="<script>alert(1)</script>")
    assert (page.status_code, b"alert(1)" in page.content) == (200, False)
    assert "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI" not in str(page.headers)


def test_mistake_is_told_in_words(client):
    response = preview(client, accent="reddish", navigation="About about")
    shown = html.unescape(response.content.decode())
    assert response.status_code == 200
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert "<b>Accent:</b> Write a colour as # and six digits" in shown
    assert "<b>Navigation:</b> Line 1, “About about”" in shown


@pytest.mark.parametrize(
    "path", ["/admin/", "/nowhere/", "/feed.xml", "/edit/1/", "https://x.example/"]
)
def test_only_public_pages_are_shown(client, path):
    draft = factories.draft("Secret")
    assert preview(client, path=path).status_code == 404
    assert preview(client, path=f"/{draft.slug}/").status_code == 404


def test_others_do_not_see_it(client):
    for role in ("Contributor", "Author", "Editor", "Moderator"):
        client.force_login(factories.user(role=role))
        assert preview(client).status_code == 403
        assert client.get(f"{SHEET}000000/cool/wide/0/browse.css").status_code == 403
    client.logout()
    assert preview(client).status_code == 403
    assert client.get(PREVIEW).status_code == 405
