"""Redirects and dead addresses in a browser: readable by everybody, on a phone, without script."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from posts.models import NotFound, Redirect
from posts.services.saving import save_post
from tests import factories
from tests.e2e.browser import axe, light_and_dark

PHONE = {"width": 320, "height": 640}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def editor(transactional_db):
    return factories.user("amara", role="Editor")


def sign_in(page: Page, then: str) -> None:
    page.goto(f"/admin/login/?next={then}")
    page.get_by_label("E-mail address or name").fill("amara")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(re.escape(then) + "$"))
    page.wait_for_load_state("load")


def moved_post(author):
    post = factories.post("The tide at night", author=author)
    factories.post("Another shore", author=author, body="[tide](/the-tide-at-night/)")
    post.slug = "night-tide"
    return save_post(post, by=author)


@light_and_dark
def test_pages_of_addresses_are_accessible(page, editor):
    post = moved_post(editor)
    Redirect.objects.create(path="/2019/old-page.html", post=post)
    NotFound.objects.create(path="/2019/05/a-tide-at-night.html", referrer="forum.example/thread")
    lists = [reverse(f"admin:posts_{name}_changelist") for name in ("redirect", "notfound")]
    load = reverse("admin:posts_redirect_load")
    sign_in(page, lists[0])
    for address in (*lists, load, reverse("admin:posts_post_links", args=[post.pk])):
        page.goto(address)
        axe(page)
    page.goto(load)
    page.get_by_label("Table").fill("/a,/b/\n/2019/old-page.html,/there/\n/c,javascript:1")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("button", name="Store 2 redirects")).to_be_visible()
    axe(page)


def test_a_phone_without_script_does_it_all(open_page, editor):
    page = open_page(javascript=False, viewport=PHONE)
    post = moved_post(editor)
    NotFound.objects.create(path="/2019/05/a-tide-at-night.html", referrer="forum.example/thread")
    sign_in(page, reverse("admin:posts_notfound_changelist"))
    page.get_by_role("button", name="To “The tide at night”").click()
    expect(page.get_by_text("from now on")).to_be_visible()
    assert Redirect.objects.get().post == post

    page.goto(reverse("admin:posts_redirect_load"))
    page.get_by_label("Table").fill("/a,/b/")
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Store 1 redirect").click()
    expect(page.get_by_text("1 redirect is stored.")).to_be_visible()

    page.goto(reverse("admin:posts_post_links", args=[post.pk]))
    page.get_by_role("button", name="Change the links in 1 post").click()
    expect(page.get_by_text("1 post links to the new address.")).to_be_visible()


@pytest.mark.parametrize("name", ["redirect_changelist", "notfound_changelist", "redirect_load"])
def test_nothing_is_wider_than_a_phone(open_page, editor, name):
    page = open_page(viewport=PHONE)
    long = "/a-very-long-old-address-without-any-end" * 3
    Redirect.objects.create(path=long, target=f"https://elsewhere.example{long}")
    NotFound.objects.create(path=f"{long}/gone", referrer="forum.example/thread" * 6)
    address = reverse(f"admin:posts_{name}")
    sign_in(page, address)
    if name == "redirect_load":
        page.get_by_label("Table").fill(f"{long}/x,{long}/y")
        page.get_by_role("button", name="Look at it first").click()
    assert page.evaluate(SIDEWAYS) == 0
