"""The writing form in a browser: readable by everybody, usable on a phone, and it publishes."""

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from blogsite.media.services import store_image
from tests import factories
from tests.e2e.browser import axe, light_and_dark
from tests.media import pictures


@pytest.fixture
def author():
    factories.tag("Tides")
    return factories.user("ines", role="Author")


def sign_in(page: Page, then: str) -> None:
    page.goto(f"/admin/login/?next={then}")
    page.get_by_label("E-mail address or name").fill("ines")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(f"{then}$"))
    # The address changes before the page is there.
    page.wait_for_load_state("load")
    expect(page.get_by_role("main")).to_be_visible()


@light_and_dark
@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/posts/post/",
        "/admin/posts/post/add/",
        "/admin/media/image/",
        "/admin/media/image/add/",
    ],
)
def test_pages_of_the_desk_are_accessible(page, author, path):
    factories.draft("The slow ferry", author=author)
    store_image(ContentFile(pictures.jpeg(), "pier.jpg"), by=author, alt="A pier in the rain")
    sign_in(page, path)
    axe(page)


def test_a_post_is_written_and_published(page, author):
    sign_in(page, "/admin/posts/post/add/")
    page.get_by_label("Title:", exact=True).fill("The slow ferry")
    page.get_by_label("Text:", exact=True).fill("The first boat leaves at *ten past five*.")
    page.get_by_label("Topics:", exact=True).select_option("Tides")
    page.get_by_role("radio", name="Published").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()

    page.goto("/")
    page.get_by_role("link", name="The slow ferry").click()
    expect(page.get_by_role("heading", name="The slow ferry")).to_be_visible()
    expect(page.locator("em")).to_have_text("ten past five")


def test_writing_works_without_script(open_page, author):
    page = open_page(javascript=False)
    sign_in(page, "/admin/posts/post/add/")
    page.get_by_label("Title:", exact=True).fill("By hand")
    page.get_by_label("New topics").fill("Paper")
    page.get_by_label("Text:", exact=True).fill("Words.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("By hand").first).to_be_visible()


def test_the_form_fits_a_narrow_phone(open_page, author):
    page = open_page(viewport={"width": 320, "height": 640})
    sign_in(page, "/admin/posts/post/add/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
