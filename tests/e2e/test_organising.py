"""Topics and series in a browser: by keyboard, without script, on a phone, by day and by night."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from posts.models import Post, Tag
from tests import factories
from tests.e2e.browser import axe, light_and_dark

ADD = "/admin/posts/post/add/"
PHONE = {"width": 320, "height": 640}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def amara(transactional_db):
    return factories.user("amara", role="Editor")


def sign_in(page: Page, then: str, name: str = "amara") -> None:
    page.goto(f"/admin/login/?next={then}")
    page.get_by_label("E-mail address or name").fill(name)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(re.escape(then) + "$"))
    page.wait_for_load_state("load")
    expect(page.get_by_role("main")).to_be_visible()


def field(page):
    return page.get_by_role("combobox", name="Add a topic")


def offered(page, name=None):
    return page.get_by_role("listbox", name="Add a topic").get_by_role("option", name=name)


def chosen(page):
    return page.get_by_role("list", name="Chosen topics").get_by_role("listitem")


def shelf(author, name="Tides"):
    tag, series = factories.tag(name), factories.series(name)
    factories.tag("Tide")
    for number in (1, 2):
        title = f"{name} {number}"
        factories.post(title, author=author, tags=[tag], series=series, series_position=number)
    merge = (
        reverse("admin:posts_tag_merge")
        + "?"
        + "&".join(f"topic={tag.pk}" for tag in Tag.objects.all())
    )
    return [
        reverse("admin:posts_tag_changelist"),
        reverse("admin:posts_tag_change", args=[tag.pk]),
        merge,
        reverse("admin:posts_series_changelist"),
        reverse("admin:posts_series_change", args=[series.pk]),
    ]


def test_topics_are_chosen_and_made_by_keyboard_alone(page, amara):
    factories.tag("Tides")
    factories.tag("Tidelands")
    sign_in(page, ADD)
    page.get_by_label("Title", exact=True).fill("A post")
    field(page).press_sequentially("tid")
    expect(offered(page)).to_have_count(3)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    field(page).press("ArrowDown")
    field(page).press("Enter")
    expect(chosen(page)).to_have_text(["Tides×"])

    field(page).press_sequentially("Wind")
    expect(offered(page, "Create “Wind”")).to_be_visible()
    field(page).press("Enter")
    field(page).press_sequentially("Rain")
    field(page).press("Escape")
    field(page).fill("")
    field(page).press_sequentially("tidelands")
    field(page).press(",")
    field(page).press_sequentially("Rain")
    field(page).press("Enter")
    field(page).press("Backspace")
    page.get_by_role("button", name="Remove Tidelands").press("Enter")
    expect(chosen(page)).to_have_text(["Tides×", "Wind×"])
    field(page).press_sequentially("Sun")  # typed and not confirmed: it is meant all the same
    page.get_by_role("button", name="Save draft").press("Enter")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    names = Post.objects.get().tags.values_list("name", flat=True)
    assert sorted(names) == ["Sun", "Tides", "Wind"]

    page.get_by_role("button", name="Remove Wind").press("Enter")
    page.get_by_role("button", name="Save draft").press("Enter")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    expect(chosen(page)).to_have_text(["Sun×", "Tides×"])


def test_a_contributor_is_not_offered_to_create(page, transactional_db):
    factories.tag("Tides")
    factories.user("jun", role="Contributor")
    sign_in(page, ADD, "jun")
    field(page).press_sequentially("Tidal")
    expect(page.get_by_text("No topic of this name.")).to_be_attached()
    expect(offered(page)).to_have_count(0)
    field(page).fill("tide")
    offered(page, "Tides").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    assert Post.objects.get().tags.get().name == "Tides"


def test_any_of_two_thousand_topics_is_found(page, amara):
    Tag.objects.bulk_create(Tag(name=f"Topic {n:04}", slug=f"topic-{n}") for n in range(2000))
    sign_in(page, ADD)
    field(page).fill("topic 1999")
    offered(page, "Topic 1999").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    expect(chosen(page)).to_have_text(["Topic 1999×"])


def test_the_plain_list_comes_back_when_the_server_does_not_answer(page, amara):
    factories.tag("Tides")
    sign_in(page, ADD)
    page.route("**/topics/**", lambda route: route.fulfill(status=200, body="no list"))
    field(page).fill("Wind")
    page.get_by_role("listbox", name="Topics").select_option("Tides")
    expect(page.get_by_label("New topics")).to_have_value("Wind")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    assert Post.objects.get().tags.count() == 2


@light_and_dark
def test_the_field_for_topics_is_accessible(page, amara):
    shelf(amara)
    sign_in(page, ADD)
    field(page).fill("tide")
    offered(page, "Tides").click()
    field(page).fill("tide")
    expect(offered(page)).to_have_count(1)
    axe(page)


@light_and_dark
def test_pages_of_topics_and_series_are_accessible(page, amara):
    for number, address in enumerate(shelf(amara)):
        if number:
            page.goto(address)
        else:
            sign_in(page, address)
        axe(page)


def test_a_phone_without_script_merges_and_puts_in_order(open_page, amara):
    page = open_page(javascript=False, viewport=PHONE)
    topics, *_rest, series = shelf(amara)
    sign_in(page, topics)
    for box in page.get_by_role("checkbox").all()[-2:]:
        box.check()
    page.get_by_label("Action:").select_option("merge")
    page.get_by_role("button", name="Go", exact=False).or_(
        page.get_by_role("button", name="Run", exact=False)
    ).click()
    page.get_by_role("radio", name="Tides").check()
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("“Tides” stays")).to_be_visible()

    page.goto(series)
    page.get_by_label("Number of “Tides 2”").fill("1")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".part .row-title")).to_have_text(["Tides 2", "Tides 1"])


def test_nothing_is_wider_than_a_phone(open_page, amara):
    page = open_page(viewport=PHONE)
    addresses = shelf(amara, "Averylongnamewithoutanyspace" * 2)
    sign_in(page, addresses[0])
    for address in addresses:
        page.goto(address)
        assert page.evaluate(SIDEWAYS) == 0, address
    page.goto(ADD)
    field(page).fill("Avery")
    offered(page, "Averylong").click()
    field(page).fill("tide")
    expect(offered(page, "Tide")).to_be_visible()
    assert page.evaluate(SIDEWAYS) == 0
