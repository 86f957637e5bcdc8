"""Readers: with a mouse, a keyboard, a phone, a screen reader, and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from blogsite.site.models import SiteSettings
from tests import factories
from tests.e2e.browser import OpenPage, axe, light_and_dark

LONGEST_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
BODY = f"""\
An opening with a [link](/fog/), a note[^1] and {LONGEST_WORD}.

[^1]: Kept beside the text.

## First

| Name | Driven by | Speed | Period | Height | Lag | Share |
|------|-----------|------:|-------:|-------:|----:|------:|
| M2   | Moon, twice a day | 28.984 | 12.42 | 1.21 | 104.0 | 58 % |

> [!CAUTION]
> Mind the weed.

## Second

```python tide.py {{2}}
print("one")
print("two, and a line so long that it has to scroll on every telephone ever made, this one too")
```

- [x] done
- [ ] to do

$$E = mc^2$$
"""

#: The distances that WCAG 1.4.12 names; a sheet made by script is not what the policy forbids.
WIDER = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* {
        line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important;
    } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((one) => {
    const style = getComputedStyle(one);
    const cuts = ["hidden", "clip"].includes(style.overflowY) && one.clientHeight > 1;
    return cuts && one.innerText && one.scrollHeight > one.clientHeight + 1;
}).map((one) => one.outerHTML.slice(0, 90))"""


@pytest.fixture
def blog(address: str) -> str:
    SiteSettings.objects.update_or_create(
        pk=1,
        defaults={
            "title": "Low Water",
            "tagline": "Notes from a harbour",
            "navigation": [{"label": "Fog", "address": "/fog/"}],
            "footer_html": '<p>Read the <a href="/fog/">imprint</a>.</p>',
            "social_links": [{"label": "Elsewhere", "address": "https://social.example/@low"}],
        },
    )
    series = factories.series("Reading the sea")
    for number, title in enumerate(["Fog", "Tide", LONGEST_WORD], 1):
        factories.post(
            title,
            slug=title.lower()[:20],
            body=BODY,
            math=True,
            series=series,
            series_position=number,
            dek="A standfirst.",
            tags=[factories.tag()],
        )
    return address


@light_and_dark
@pytest.mark.parametrize("layout", ["list", "cards", "magazine"])
def test_home_is_accessible(page: Page, blog: str, layout: str) -> None:
    SiteSettings.objects.update(home_layout=layout)
    page.goto("/")
    expect(page.get_by_role("heading", name="Tide")).to_be_visible()
    axe(page)


@light_and_dark
def test_post_is_accessible(page: Page, blog: str) -> None:
    page.goto("/tide/")
    axe(page)


@light_and_dark
def test_lists_are_accessible_and_lead_to_each_other(page: Page, blog: str) -> None:
    page.goto("/archive/")
    axe(page)
    page.get_by_role("navigation", name="Years").get_by_role("link").first.click()
    axe(page)
    page.get_by_role("navigation", name="Read").get_by_role("link", name="Topics").click()
    axe(page)
    page.locator("main").get_by_role("link").first.click()
    axe(page)
    page.get_by_role("main").get_by_role("link", name="Reading the sea").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading the sea")
    axe(page)
    page.goto("/authors/")
    page.locator("main").get_by_role("link").first.click()
    axe(page)


@light_and_dark
def test_new_blog_and_error_page_are_accessible(page: Page, address: str, settings) -> None:
    page.goto("/")
    axe(page)
    settings.DEBUG = False
    page.goto("/no/such/page/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no page at this address")
    axe(page)


@light_and_dark
def test_settings_are_accessible(page: Page, blog: str) -> None:
    owner = factories.user("owner", is_staff=True, is_superuser=True)
    page.goto("/admin/login/")
    page.get_by_role("textbox").first.fill(owner.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.locator("[type=submit]").click()
    for path in ("/admin/", "/admin/site/sitesettings/", "/admin/posts/post/"):
        page.goto(path)
        axe(page)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/tide/", f"/{LONGEST_WORD.lower()[:20]}/", "/admin/login/"),
        *("/archive/", "/tags/", "/series/reading-the-sea/"),
    ],
)
def test_nothing_scrolls_sideways_at_320_pixels(
    open_page: OpenPage, blog: str, path: str, javascript: bool
) -> None:
    page = open_page(javascript=javascript, viewport={"width": 320, "height": 640})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("width", [320, 640])
def test_wider_spacing_hides_no_word(open_page: OpenPage, blog: str, width: int) -> None:
    """What readers may set who need it, on a telephone and at twice the size on a desk."""
    page = open_page(viewport={"width": width, "height": 640})
    for path in ("/", "/tide/", "/archive/", "/search/?q=tide", "/no/such/page/"):
        page.goto(path)
        page.evaluate(WIDER)
        assert page.evaluate(CUT_OFF) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_colours_and_rest_of_the_readers_own(open_page: OpenPage, blog: str) -> None:
    page = open_page(forced_colors="active", reduced_motion="reduce")
    for path in ("/", "/tide/", "/search/?q=tide"):
        page.goto(path)
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        for button in page.locator("button:visible, a.btn:visible").all():
            ink, ground = button.evaluate(
                "(one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
            )
            assert ink != ground
    moving = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(moving) == "auto"


def test_keyboard_skips_to_the_content(page: Page, blog: str) -> None:
    page.goto("/tide/")
    skip = page.get_by_role("link", name="Skip to content")
    assert skip.bounding_box()["y"] < 0
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_keyboard_shows_where_it_is(page: Page, blog: str) -> None:
    page.goto("/")
    for _link in range(4):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "2px"


def test_every_target_is_large_enough(page: Page, blog: str) -> None:
    page.goto("/tide/")
    for target in page.locator("nav a, footer a, button, summary").all():
        if target.is_visible():
            box = target.bounding_box()
            assert box["height"] >= 24, target.inner_text()


def test_without_scripts_everything_can_be_read(open_page: OpenPage, blog: str) -> None:
    page = open_page(javascript=False, viewport={"width": 1280, "height": 800})
    page.goto("/tide/")
    expect(page.get_by_text("Mind the weed.")).to_be_visible()
    expect(page.get_by_role("link", name="First")).to_be_visible()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_hidden()
    expect(page.get_by_role("group", name="Appearance")).to_be_hidden()
    page.goto("/")
    page.get_by_role("link", name="Tide").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tide")


def test_chosen_theme_is_remembered_and_painted_at_once(page: Page, blog: str) -> None:
    page.goto("/")
    system = page.get_by_role("button", name="System")
    expect(system).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    # The script file is taken away: what is dark now is dark without it.
    page.route("**/reader.js", lambda route: route.fulfill(content_type="text/javascript"))
    page.goto("/tide/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.unroute("**/reader.js")
    page.reload()
    page.get_by_role("button", name="System").click()
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_code_is_copied(open_page: OpenPage, blog: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/tide/")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith('print("one")\nprint("two,')


def test_address_is_copied_and_only_editors_are_asked(open_page: OpenPage, blog: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/tide/")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{blog}/tide/"
    expect(page.get_by_role("link", name="Edit")).to_be_hidden()
    assert not [url for url in asked if "/edit/" in url]
    owner = factories.user("owner", is_staff=True, is_superuser=True)
    page.goto("/admin/login/")
    page.get_by_role("textbox").first.fill(owner.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.locator("[type=submit]").click()
    page.goto("/tide/")
    page.get_by_role("link", name="Edit").click()
    expect(page).to_have_url(re.compile(r"/admin/posts/post/\d+/change/"))


def test_contents_follow_along_the_text(open_page: OpenPage, blog: str) -> None:
    """Held open by the style sheet where there is room, without a script; closed on a phone."""
    page = open_page(javascript=False, viewport={"width": 1280, "height": 400})
    page.goto("/tide/")
    second = page.locator(".toc").get_by_role("link", name="Second")
    second.click()
    expect(page).to_have_url(f"{blog}/tide/#second")
    expect(second).to_be_in_viewport()
    page.set_viewport_size({"width": 360, "height": 640})
    expect(second).to_be_hidden()
    page.locator(".toc summary").click()
    expect(second).to_be_visible()


def test_paper_shows_the_text_alone(page: Page, blog: str) -> None:
    page.goto("/tide/")
    page.emulate_media(media="print")
    expect(page.get_by_text("Mind the weed.")).to_be_visible()
    for apparatus in (".rail", ".foot", ".site nav", ".pager"):
        expect(page.locator(apparatus)).to_be_hidden()
