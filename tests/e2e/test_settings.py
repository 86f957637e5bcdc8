"""The owner at the settings: sees the look before it is saved, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from blogsite.site.models import SiteSettings
from tests import factories
from tests.e2e.browser import OpenPage, axe, light_and_dark

FORM = "/admin/site/sitesettings/1/change/"


@pytest.fixture
def blog(address: str) -> str:
    SiteSettings.objects.update_or_create(pk=1, defaults={"title": "Low Water"})
    factories.user("owner", is_staff=True, is_superuser=True)
    factories.post("Fog")
    return address


def open_settings(page: Page) -> None:
    page.goto(f"/admin/login/?next={FORM}")
    page.get_by_role("textbox").first.fill("owner@example.com")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.locator("[type=submit]").click()


@light_and_dark
def test_frame_follows_the_form(page: Page, blog: str, color_scheme: str) -> None:
    open_settings(page)
    shown = page.frame_locator(".try-frame iframe:not(.is-coming)")
    expect(shown.get_by_role("heading", name="Low Water", level=1)).to_be_visible()
    expect(shown.locator("html")).to_have_attribute("data-theme", color_scheme)
    page.get_by_role("textbox", name="Title").fill("Ebb")
    page.get_by_role("radio", name="Cards").check()
    expect(shown.get_by_role("heading", name="Ebb", level=1)).to_be_visible()
    expect(shown.locator(".cards")).to_be_visible()
    page.get_by_role("button", name="Dark").click()
    expect(shown.locator("html")).to_have_attribute("data-theme", "dark")
    shown.get_by_role("link", name="Fog").click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("Fog")
    page.get_by_role("button", name="Phone").click()
    expect(page.locator(".try-frame iframe")).to_have_css("width", "360px")
    axe(page)
    page.get_by_role("textbox", name="Navigation").fill("About about")
    expect(shown.get_by_text("Line 1, “About about”")).to_be_visible()
    assert SiteSettings.objects.get().title == "Low Water"


def test_without_scripts_it_opens_in_a_tab_and_the_form_stays(
    open_page: OpenPage, blog: str
) -> None:
    page = open_page(javascript=False)
    open_settings(page)
    page.get_by_role("textbox", name="Title").fill("Ebb")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="A post").click()
    expect(opened.value).to_have_title("Fog · Ebb")
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Ebb")
    page.get_by_role("textbox", name="Title").press("Enter")
    expect(page.get_by_text("Saved. Readers see the change within a second.")).to_be_visible()


def test_code_in_the_head_runs_by_its_hash(page: Page, blog: str) -> None:
    site = SiteSettings.objects.get()
    site.head_code = "<script>\r\n  document.documentElement.dataset.counted = '€'\r\n</script>"
    site.save()
    page.goto("/fog/")
    expect(page.locator("html")).to_have_attribute("data-counted", "€")
