"""Nothing written is lost, without any script; and a preview link opens in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from posts.models import Post
from tests import factories
from tests.e2e.browser import axe, light_and_dark
from tests.e2e.test_writing import sign_in

TEXT = "The first boat leaves at ten past five. Übrigens:\n\nit is “never” late.\n" * 20


@pytest.fixture
def author():
    return factories.user("ines", role="Author")


def send_signed_out(page: Page, path: str = "/admin/posts/post/add/") -> None:
    """Write, and press the button after the sign-in has ended."""
    sign_in(page, path)
    page.get_by_label("Title", exact=True).fill("The slow ferry")
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def sign_in_again(page: Page) -> None:
    page.get_by_label("E-mail address or name").fill("ines")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


def test_a_text_comes_back_without_script(open_page, author):
    page = open_page(javascript=False, viewport={"width": 320, "height": 700})
    send_signed_out(page)
    sign_in_again(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Back to my text").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    assert Post.objects.get().body.replace("\r\n", "\n").strip() == TEXT.strip()


@light_and_dark
def test_the_pages_between_are_accessible(page, author):
    send_signed_out(page)
    axe(page)
    sign_in_again(page)
    page.get_by_text("Look at it here").click()
    axe(page)


@light_and_dark
def test_a_link_is_made_and_opened_by_somebody_else(page, open_page, author):
    post = factories.draft("The slow ferry", author=author, body=TEXT)
    sign_in(page, f"/admin/posts/post/{post.pk}/preview-links/")
    page.get_by_label("For whom").fill("Anna")
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("Address to pass on").input_value()
    axe(page)

    reader = open_page(javascript=False, viewport={"width": 320, "height": 700})
    reader.goto(address)
    expect(reader).to_have_url(re.compile(r"/preview/\d+/read/$"))
    expect(reader.get_by_role("heading", name="The slow ferry")).to_be_visible()
    assert reader.evaluate("document.documentElement.scrollWidth") <= 320

    page.goto(f"/admin/posts/post/{post.pk}/preview/")
    axe(page)
