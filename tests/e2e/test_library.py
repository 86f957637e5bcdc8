"""The library in a browser: uploading, describing and choosing, with and without script."""

import re

from playwright.sync_api import expect

from tests import factories
from tests.e2e.browser import OpenPage, axe, light_and_dark
from tests.media import pictures

MEDIA = "/admin/media/image/"
FILES = [
    {"name": "pier.png", "mimeType": "image/png", "buffer": pictures.png()},
    {"name": "cut.png", "mimeType": "image/png", "buffer": pictures.png()[:300]},
    {"name": "times.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
]


def sign_in(page) -> None:
    factories.user("ines", role="Author")
    page.goto(MEDIA)
    page.fill("#id_username", "ines")
    page.fill("#id_password", factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('Media')")


@light_and_dark
def test_files_are_uploaded_and_described_by_keyboard(open_page: OpenPage):
    page = open_page(viewport={"width": 360, "height": 740})
    sign_in(page)
    page.set_input_files(".drop input[type=file]", [FILES[0], FILES[2]])
    page.wait_for_selector("[data-tray-after] a")
    question = page.get_by_label("What does pier.png show?")
    question.focus()
    page.keyboard.type("A pier")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tray-ask span:text('A pier')")
    assert page.inner_text("[data-tray-status]") == "Described"
    axe(page)
    page.click("[data-tray-after] a")
    page.wait_for_selector(".alt-text:text('A pier')")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    axe(page)
    page.click(".tile-link")
    page.wait_for_selector(".focus-pad")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    axe(page)


def test_what_fails_on_the_way_can_be_tried_again(open_page: OpenPage):
    page = open_page()
    sign_in(page)
    page.evaluate(
        """() => {
            const send = XMLHttpRequest.prototype.send;
            let failed = false;
            XMLHttpRequest.prototype.send = function (data) {
                if (failed) return send.call(this, data);
                failed = true;
                this.onerror();
            };
        }"""
    )
    page.set_input_files(".drop input[type=file]", [FILES[0] | {"name": "$& {n}.png"}])
    again = page.get_by_role("button", name="Try $& {n}.png again")
    again.focus()
    page.keyboard.press("Enter")
    page.get_by_label(re.compile("What does .+png show?")).wait_for()


def test_everything_works_without_script(open_page: OpenPage):
    page = open_page(javascript=False)
    sign_in(page)
    page.set_input_files(".drop input[type=file]", FILES)
    page.click(".drop button")
    assert "The picture is damaged" in page.inner_text(".outcomes .is-refused")
    page.get_by_label("What does it show? pier.png").fill("A pier")
    page.click("text=Save descriptions")
    assert page.inner_text(".alt-text") == "A pier"
    page.check("text=The only one")
    page.select_option(".actions select", label="Put away")
    page.click(".actions button")
    expect(page.locator(".tile")).to_have_count(0)
    page.get_by_role("link", name="Put away").click()
    expect(page.locator(".tile")).to_have_count(1)
