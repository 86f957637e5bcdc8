"""Rendered Markdown in a real browser without any policy: nothing runs, nothing could."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from blogsite.lib.markdown import absolute, render
from tests.lib.markdown.carriers import texts

EVERY = 6  # of thirty thousand texts; all of them take minutes
AT_ONCE = 1_500
ADDRESS = "http://blog.example/post/"
FIND_BAD = """() => {
    const bad = [];
    for (const element of document.querySelectorAll("article *")) {
        const name = element.localName;
        if (/^(script|style|iframe|object|embed|link|meta|base|form|svg|template|textarea|select)$/
                .test(name)) bad.push("<" + name + ">");
        if (name === "input" && !(element.type === "checkbox" && element.disabled)) bad.push(name);
        if (name === "button" && !element.hidden) bad.push(name);
        for (const attribute of element.attributes) {
            if (/^on|^style$|^srcdoc$|^formaction$|:/.test(attribute.name))
                bad.push(name + " " + attribute.name);
        }
        for (const address of [element.href, element.src, element.poster, element.cite]) {
            if (address && !/^(https?|mailto|tel|ftp|xmpp|about):/.test(address))
                bad.push(name + " → " + address);
        }
    }
    return {bad, hits: window.hits, articles: document.querySelectorAll("article").length};
}"""


@pytest.fixture
def bare_page(browser: Browser):
    context = browser.new_context()
    context.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1 }")
    yield context.new_page()
    context.close()


def show(page: Page, html: str) -> None:
    """As a document of its own site; whatever it asks for is not there."""
    page.unroute_all()
    page.route("**/*", lambda route: route.abort())
    page.route(
        ADDRESS, lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=html)
    )
    page.goto(ADDRESS)


def looked_at(page: Page, html: list[str]) -> None:
    for start in range(0, len(html), AT_ONCE):
        part = html[start : start + AT_ONCE]
        show(page, "".join(f"<article>{one}</article>" for one in part))
        found = page.evaluate(FIND_BAD)
        assert (found["bad"], found["hits"]) == ([], 0)
        # Nothing swallowed what came after it, such as an unclosed comment or attribute.
        assert found["articles"] == len(part)


def test_the_browser_would_notice(bare_page):
    with pytest.raises(AssertionError):
        looked_at(bare_page, ["<p onclick=hit()>x</p>"])
    with pytest.raises(AssertionError):
        looked_at(bare_page, ["<a href='java&#9;script:hit()'>x</a>"])
    with pytest.raises(AssertionError):
        looked_at(bare_page, ["<title>", "b"])


def test_posts_carry_no_script(bare_page):
    html = {render(text, math=True).html for text in texts(EVERY)}
    looked_at(bare_page, sorted(html))


def test_comments_carry_no_script(bare_page):
    html = {render(text, "comment").html for text in texts(EVERY)}
    looked_at(bare_page, sorted(html))


def test_feeds_and_mails_carry_no_script(bare_page):
    html = {render(text, math=True).html for text in texts(EVERY * 4)}
    looked_at(bare_page, sorted(absolute(one, "https://b.example/post/") for one in html))
