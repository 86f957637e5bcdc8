"""Searching with a keyboard, on a phone, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.browser import OpenPage, axe, light_and_dark


@pytest.fixture
def harbour(address: str) -> None:
    tides = factories.tag("Tides")
    factories.post("The gauge", body="It was read upside down since Easter.", tags=[tides])
    factories.post("Chairs", body="Mended beside the gauge. <3 " + "word" * 60)


def test_somebody_searches_by_keyboard_alone(open_page: OpenPage, harbour: None):
    page = open_page(javascript=False)
    page.goto("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Search").focus()
    page.keyboard.press("Enter")
    page.get_by_role("searchbox", name="Search for").focus()
    page.keyboard.type("gauges")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?q=gauges")
    expect(page.get_by_role("heading", name="2 results for “gauges”")).to_be_visible()
    expect(page.locator("mark")).to_have_text(["gauge"])
    page.get_by_label("Topic").select_option(label="Tides (1)")
    page.get_by_role("button", name="Apply").press("Enter")
    expect(page.locator("h3")).to_have_text(["The gauge"])


@light_and_dark
def test_every_state_of_the_page_is_for_everybody(page: Page, harbour: None):
    page.set_viewport_size({"width": 320, "height": 700})
    for address in ("/search/", "/search/?q=gauge", "/search/?q=guage", "/search/?q=x", "/nobody/"):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
