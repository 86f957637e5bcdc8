"""The site's pictures: on every page, at no cost, and safe in the library."""

import html
import re

import pytest
from django.core.files.base import ContentFile

from blogsite.media import references
from blogsite.media.models import Image
from blogsite.media.services import delete_uploads, store_image
from blogsite.pagecache.stamps import pending
from blogsite.site.models import SiteSettings
from tests import factories
from tests.media import pictures
from tests.site.test_admin import FORM, GOOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    person = factories.user(role="Administrator")
    client.force_login(person)
    return person


def picture(owner, size, mode="RGB", kind="PNG"):
    data = pictures.saved(pictures.drawing(size, mode), kind)
    return store_image(ContentFile(data, f"{size[0]}.{kind.lower()}"), by=owner, alt="A gull")


@pytest.fixture
def dressed(owner):
    logo, icon = picture(owner, (400, 100), "RGBA"), picture(owner, (192, 192))
    Image.objects.filter(pk=icon.pk).update(variants={"avif": [320], "png": [320, 512]})
    site = SiteSettings.current()
    site.title, site.logo, site.icon = "Low Water", logo, icon
    site.save()
    return site


def test_stand_in_for_the_title_and_in_the_tab(client, dressed):
    factories.post("Fog")
    home, post = (client.get(path).content.decode() for path in ("/", "/fog/"))
    assert re.search(r'<h1 class="brand"><a href="/"><span class="logo[^"]*"><img', home)
    for page in (home, post):
        (logo,) = re.findall(r'<span class="logo[^"]*">(<img[^>]+>)', page)
        assert f'src="{dressed.logo.url}"' in logo
        assert 'alt="Low Water"' in logo
        assert 'width="400" height="100"' in logo
        small = f"{dressed.icon.url.rpartition('/')[0]}/320.png"
        assert f'<link rel="icon" href="{small}">' in page
        assert f'<link rel="apple-touch-icon" href="{small}">' in page
    sheet = client.get(dressed.look_url("browse")).content.decode()
    assert ".masthead .logo img{" in sheet


def test_cost_no_query(client, dressed, django_assert_num_queries):
    factories.post("Fog")
    factories.post("Tide")
    for path, count in (("/", 3), ("/fog/", 5)):
        client.get(path)
        with django_assert_num_queries(count):
            client.get(path)


def test_see_through_logo_gets_a_ground_and_a_full_one_does_not(client, owner):
    for mode, clear in (("RGBA", True), ("RGB", False)):
        logo = picture(owner, (300, 60), mode)
        SiteSettings.objects.update(logo=logo)
        page = client.get("/").content.decode()
        assert ('class="logo clear"' in page) is clear


def test_is_chosen_in_the_settings(client, owner):
    logo, icon = picture(owner, (400, 100)), picture(owner, (180, 180), kind="JPEG")
    client.post(FORM, GOOD | {"logo": logo.pk, "icon": icon.pk})
    site = SiteSettings.current()
    assert (site.logo, site.icon) == (logo, icon)
    shown = client.get(FORM).content.decode()
    assert "vForeignKeyRawIdAdminField" in shown
    assert f'name="logo" value="{logo.pk}"' in shown


@pytest.mark.parametrize(
    ("size", "kind", "told"),
    [((179, 179), "PNG", "a PNG of 179 × 179"), ((200, 300), "JPEG", "a JPEG of 200 × 300"),
     ((200, 200), "WEBP", "a WEBP of 200 × 200")],
)  # fmt: skip
def test_icon_that_would_not_do_is_refused_in_words(client, owner, size, kind, told):
    icon = picture(owner, size, kind=kind)
    response = client.post(FORM, GOOD | {"language": "en", "icon": icon.pk})
    assert f"of at least 180 pixels; this is {told}." in html.unescape(response.content.decode())
    assert SiteSettings.current().icon is None


def test_library_knows_them_and_pages_follow_them(client, owner, dressed):
    (place,) = references.places([dressed.logo], owner)[dressed.logo.pk]
    assert place.url == FORM
    assert Image.objects.filter(references.used(Image)).count() == 2
    delete_uploads(dressed.logo)
    assert "site" in pending()
    assert ">Low Water</a></h1>" in client.get("/").content.decode()
