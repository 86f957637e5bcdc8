from playwright.sync_api import Page, expect

from tests.e2e.browser import axe, light_and_dark


@light_and_dark
def test_sign_in_page_is_accessible(page: Page) -> None:
    page.goto("/admin/login/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    axe(page)


def test_sign_in_refuses_a_stranger_in_words(page: Page) -> None:
    page.goto("/admin/login/")
    page.get_by_role("textbox").first.fill("nobody@example.org")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".errornote")).to_contain_text("password")
