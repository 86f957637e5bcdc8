"""The writing form in a browser: readable by everybody, usable on a phone, and it publishes."""

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from blogsite.media.services import store_image
from posts.content import content_of
from posts.services.saving import save_draft
from posts.services.steps import hand_in
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
    expect(page).to_have_url(re.compile(f"{re.escape(then)}$"))
    # The address changes before the page is there.
    page.wait_for_load_state("load")
    expect(page.get_by_role("main")).to_be_visible()


@pytest.fixture
def shelf(author):
    """A post that is out, with a draft over it that somebody else saved."""
    post = factories.post("The slow ferry", author=author, body="It leaves at five. TODO")
    editor = factories.user("amara", role="Editor")
    changed = content_of(post) | {"body": "It leaves at six. TODO", "title": "The slow boat"}
    save_draft(post, content=changed, by=editor, note="A better hour")
    hand_in(factories.draft("Waits", author=author), by=author, note="Is it too long?")
    return post


@light_and_dark
@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/posts/post/",
        "/admin/posts/post/add/",
        "/admin/posts/post/{pk}/change/",
        "/admin/posts/post/{pk}/versions/",
        "/admin/posts/post/{pk}/delete/",
        "/admin/posts/post/{pk}/preview-links/",
        "/admin/posts/post/?state=trash",
        "/admin/media/image/",
        "/admin/media/image/add/",
    ],
)
def test_pages_of_the_desk_are_accessible(page, author, shelf, path):
    store_image(ContentFile(pictures.jpeg(), "pier.jpg"), by=author, alt="A pier in the rain")
    sign_in(page, path.format(pk=shelf.pk))
    axe(page)


def test_a_post_is_written_and_published(page, author):
    sign_in(page, "/admin/posts/post/add/")
    page.get_by_label("Title", exact=True).fill("The slow ferry")
    page.get_by_label("Text", exact=True).fill("The first boat leaves at *ten past five*.")
    page.get_by_role("combobox", name="Add a topic").fill("tid")
    page.get_by_role("option", name="Tides").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("It is out as it stands here.")).to_be_visible()

    page.goto("/")
    page.get_by_role("link", name="The slow ferry").click()
    expect(page.get_by_role("heading", name="The slow ferry")).to_be_visible()
    expect(page.locator("em")).to_have_text("ten past five")


def test_writing_works_without_script(open_page, author):
    page = open_page(javascript=False)
    sign_in(page, "/admin/posts/post/add/")
    page.get_by_label("Title", exact=True).fill("By hand")
    page.get_by_label("New topics").fill("Paper")
    page.get_by_label("Text", exact=True).fill("Words.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    page.get_by_label("Text", exact=True).fill("Other words.")
    page.get_by_role("button", name="Hand in").or_(
        page.get_by_role("button", name="Ask for review")
    ).click()
    expect(page.get_by_text("Handed in.")).to_be_visible()


def test_enter_in_a_field_saves_a_draft_and_publishes_nothing(page, author):
    sign_in(page, "/admin/posts/post/add/")
    page.get_by_label("Title", exact=True).fill("By mistake")
    page.locator("#id_slug").press("Enter")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_two_texts_are_merged_without_script(open_page, author, shelf, width):
    page = open_page(javascript=False, viewport={"width": width, "height": 700})
    address = f"/admin/posts/post/{shelf.pk}/change/"
    sign_in(page, address)
    newest = content_of(shelf) | shelf.newest_version().content
    save_draft(shelf, content=newest | {"body": "It leaves at ten."}, by=shelf.author)
    page.get_by_label("Text", exact=True).fill("It leaves at eleven.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name=re.compile("while you were writing"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("group", name="Both of you changed").get_by_label("ines").check()
    page.get_by_role("button", name="Save the merged text").click()
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("It leaves at ten.")


@light_and_dark
def test_the_merge_page_is_accessible(page, author, shelf):
    sign_in(page, f"/admin/posts/post/{shelf.pk}/change/")
    newest = content_of(shelf) | shelf.newest_version().content
    save_draft(shelf, content=newest | {"body": "It leaves at ten.", "dek": "New"}, by=shelf.author)
    page.get_by_label("Text", exact=True).fill("It leaves at eleven.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name=re.compile("while you were writing"))).to_be_visible()
    axe(page)


@light_and_dark
def test_many_posts_are_put_away_by_keyboard_and_taken_back(page, author, shelf):
    sign_in(page, "/admin/posts/post/")
    page.get_by_role("checkbox").nth(1).press("Space")
    page.get_by_label("Action:").select_option("trash")
    page.get_by_role("button", name="Run", exact=False).or_(
        page.get_by_role("button", name="Go", exact=True)
    ).press("Enter")
    expect(page.get_by_text("Nothing is done yet.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Move to the trash").press("Enter")
    page.get_by_role("link", name="Take it back").click()
    axe(page)
    page.get_by_role("button", name="Take it back").press("Enter")
    expect(page.get_by_text("Taken back: one post.")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/posts/post/",
        "/admin/posts/post/{pk}/change/",
        "/admin/posts/post/{pk}/versions/",
        "/admin/posts/post/{pk}/preview-links/",
    ],
)
def test_the_desk_fits_a_narrow_phone(open_page, author, shelf, path):
    page = open_page(viewport={"width": 320, "height": 640})
    sign_in(page, path.format(pk=shelf.pk))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_form_fits_a_narrow_phone(open_page, author):
    page = open_page(viewport={"width": 320, "height": 640})
    sign_in(page, "/admin/posts/post/add/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
