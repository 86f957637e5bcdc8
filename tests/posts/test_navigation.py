"""Pages in the navigation of the site: put in, taken out, and followed when they move."""

import pytest

from blogsite.site.models import SiteSettings
from posts.content import content_of
from posts.models import Post, Redirect
from posts.services import steps
from posts.services.navigation import put_into_navigation
from posts.services.saving import publish, save_draft
from tests import factories
from tests.posts.test_versions import at_once
from tests.writing import Form, change, write

pytestmark = pytest.mark.django_db

LIST, UNDO = "/admin/posts/post/", "/admin/posts/post/undo/"


@pytest.fixture
def owner(client, people):
    client.force_login(people["Administrator"])
    return client


def page(title="About", **more):
    return factories.post(title, kind="page", **more)


def navigation():
    return [(link["label"], link["address"]) for link in SiteSettings.current().navigation]


def set_navigation(*addresses):
    site = SiteSettings.current()
    site.navigation = [{"label": one.strip("/"), "address": one} for one in addresses]
    site.save()


def do(client, deed, *posts):
    address = f"{LIST}bulk/{deed}/"
    shown = client.post(LIST, {"action": deed, "_selected_action": [post.pk for post in posts]})
    client.post(address, Form(shown.text, address).fields | {"_do": "1"})
    return shown.text, client.get(LIST).text


def test_a_page_goes_into_the_navigation_of_every_page_and_out_again(owner):
    about = page()
    assert ">About</a>" not in owner.get("/").text
    told, after = do(owner, "into_navigation", about)
    assert "is named in the navigation of every page" in told
    assert "Put into the navigation: one post." in after
    assert navigation() == [("About", "/about/")]
    assert ">About</a>" in owner.get("/").text
    assert "There is nothing to do" in do(owner, "into_navigation", about)[0]
    do(owner, "out_of_navigation", about)
    assert navigation() == []


def test_both_ways_can_be_taken_back(owner):
    about = page()
    set_navigation("/first/")
    do(owner, "into_navigation", about)
    owner.post(UNDO)
    assert navigation() == [("first", "/first/")]
    set_navigation("/about/#team")
    do(owner, "out_of_navigation", about)
    assert navigation() == []
    owner.post(UNDO)
    assert navigation() == [("about/#team", "/about/#team")]


def test_only_pages_that_everybody_can_read_are_put_in(owner):
    posts = [factories.post("A post"), page("A draft", state="draft")]
    posts.append(page("For members", visibility="members"))
    told, _after = do(owner, "into_navigation", *posts)
    assert told.count("stays:") == 3
    assert navigation() == []


def test_eight_are_enough(owner):
    set_navigation(*(f"/page-{n}/" for n in range(7)))
    _told, after = do(owner, "into_navigation", page("Eighth"), page("Ninth"))
    assert "has room for 8 entries" in after
    assert len(navigation()) == 8
    assert navigation()[-1][0] in ("Eighth", "Ninth")


@pytest.mark.parametrize("role", ["Editor", "Author", "Contributor", "Moderator"])
def test_only_who_may_change_the_settings(client, people, role):
    about = page(author=people[role])
    client.force_login(people[role])
    for deed in ("into_navigation", "out_of_navigation"):
        assert deed not in client.get(LIST).text
        answer = client.post(f"{LIST}bulk/{deed}/", {"post": about.pk, "_do": "1"})
        assert answer.status_code == 403
    assert navigation() == []


def test_entries_follow_a_page_that_moves_when_readers_see_it_move(client):
    about = page()
    set_navigation("/about/", "/about/?from=nav#team", "/about/more/", "https://x.example/about/")
    moved = content_of(about) | {"slug": "who-we-are"}
    save_draft(about, content=moved, by=None)
    assert navigation()[0][1] == "/about/"
    assert 'href="/about/"' in client.get("/").text
    publish(Post.objects.get(), by=None)
    assert [address for _label, address in navigation()] == [
        "/who-we-are/",
        "/who-we-are/?from=nav#team",
        "/about/more/",
        "https://x.example/about/",
    ]
    assert 'href="/who-we-are/"' in client.get("/").text


def test_a_post_that_moves_leaves_other_entries_alone():
    set_navigation("/", "/elsewhere/")
    post = factories.post("About")
    publish(post, content=content_of(post) | {"slug": "new"}, by=None)
    assert [address for _label, address in navigation()] == ["/", "/elsewhere/"]


@pytest.mark.django_db(transaction=True)
def test_two_who_put_in_pages_at_once_lose_none():
    first, second = page("First"), page("Second")
    set_navigation()
    at_once(lambda: put_into_navigation(first), lambda: put_into_navigation(second))
    assert sorted(label for label, _address in navigation()) == ["First", "Second"]


def test_who_takes_a_page_from_readers_hears_that_the_navigation_names_it(client, people, owner):
    about, imprint, old = page("About"), page("Imprint"), page("Old")
    set_navigation("/about/", "/imprint/", "/old/", "/tags/", "/", "https://example.com/")
    Redirect.objects.create(path="/old", post=about)
    steps.archive(old, by=people["Administrator"])
    trouble = "The navigation leads to what readers do not find"
    assert trouble not in owner.get("/admin/").text
    write(owner, about, press="_takedown")
    told = "still leads to “about”, which readers do not find."
    assert told in owner.get(LIST).text
    desk = owner.get("/admin/").text
    assert trouble in desk
    assert "about, old" in desk  # the redirect of /old/ has lost its post too
    Redirect.objects.all().delete()
    Post.objects.filter(pk=old.pk).delete()
    client.force_login(people["Editor"])
    _shown, after = do(client, "trash", imprint)
    assert "still leads to “imprint”" in after
    assert "To the settings" not in after
    delete = change(imprint).replace("/change/", "/delete/")
    steps.restore(imprint, by=people["Editor"])
    assert "still leads to “old”" in client.post(delete, {"post": "yes"}, follow=True).text
