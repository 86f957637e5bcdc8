"""After a post moved: links to it in other posts are led to its new address, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.content import content_of
from posts.services.inside_links import Moved, lead_on, posts_linking_to_old_addresses
from posts.services.saving import publish, save_draft, save_post
from tests import factories

pytestmark = pytest.mark.django_db

HOSTS = {"testserver", "blog.example"}


@pytest.fixture
def moved(people):
    post = factories.post("Old tide", author=people["Author"])
    post.slug = "new-tide"
    return save_post(post, by=post.author)


def page(post):
    return reverse("admin:posts_post_links", args=[post.pk])


def found(post):
    return posts_linking_to_old_addresses(post, HOSTS, most=50)[0]


def changed(moved, body, **source):
    return Moved(moved, HOSTS).change(body, {"smart_quotes": True, **source})


# -- one text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[a](/old-tide/)", "[a](/new-tide/)"),
        ("[a](/old-tide)", "[a](/new-tide/)"),
        ("[a](/old-tide/#part 'T')", "[a](/new-tide/#part 'T')"),
        ("[a](</old-tide/?b=1>)", "[a](</new-tide/?b=1>)"),
        ("[a](https://blog.example/old-tide/)", "[a](https://blog.example/new-tide/)"),
        ("[a][b]\n\n[b]: /old-tide/ 'T'", "[a][b]\n\n[b]: /new-tide/ 'T'"),
        ("<https://blog.example/old-tide/>", "<https://blog.example/new-tide/>"),
        ("See https://blog.example/old-tide/.", "See https://blog.example/new-tide/."),
        ('<a href="/old-tide/">a</a>', '<a href="/new-tide/">a</a>'),
        ("| a |\n|---|\n| [b](/old-tide/) |", "| a |\n|---|\n| [b](/new-tide/) |"),
        ("Note[^1]\n\n[^1]: [b](/old-tide/)", "Note[^1]\n\n[^1]: [b](/new-tide/)"),
    ],
)
def test_links_are_led_on_however_they_are_written(moved, old, new):
    assert changed(moved, old).body == new


@pytest.mark.parametrize(
    "body",
    [
        "`[a](/old-tide/)`",
        "```\n[a](/old-tide/)\n```",
        "    [a](/old-tide/)",
        "It was at /old-tide/ before.",
        "[/old-tide/](/elsewhere/)",
        "![a](/old-tide/)",
        "[a](/old-tide-table/)",
        "[a](/2019/old-tide/)",
        "[a](https://elsewhere.example/old-tide/)",
        "\\[a](/old-tide/)",
        "<!-- [a](/old-tide/) -->",
    ],
)
def test_everything_else_stays(moved, body):
    assert changed(moved, body).body == body


def test_code_beside_a_link_stays(moved):
    body = "`/old-tide/` and\n[a](/old-tide/) and\n```\n[c](/old-tide/)\n```\n[b](/old-tide/)"
    change = changed(moved, body)
    assert change.lines == (2, 6)
    assert change.body == (
        "`/old-tide/` and\n[a](/new-tide/) and\n```\n[c](/old-tide/)\n```\n[b](/new-tide/)"
    )


def test_addresses_in_other_scripts_are_known_encoded_and_plain(people):
    post = factories.post("Flut", slug="flüt", author=people["Author"])
    post.slug = "flüte"
    save_post(post, by=post.author)
    body = "[a](/flüt/) [b](/fl%C3%BCt/)"
    assert changed(post, body).body == "[a](/flüte/) [b](/flüte/)"


# -- one post --------------------------------------------------------------------------------


def test_a_published_post_goes_out_again_and_is_not_called_updated(moved, people):
    other = factories.post("Other", body="[a](/old-tide/)", author=people["Author"])
    [linking] = found(moved)
    lead_on(linking, by=people["Editor"])
    other.refresh_from_db()
    assert (other.body, other.edited_at) == ("[a](/new-tide/)", None)
    newest = other.newest_version()
    assert (newest.number, newest.author, other.live_number) == (2, people["Editor"], 2)
    assert found(moved) == []


def test_a_draft_over_a_live_text_stays_a_draft(moved, people):
    other = factories.post("Other", body="Live [a](/old-tide/)", author=people["Author"])
    draft = content_of(other) | {"body": "Draft\n[a](/old-tide/)", "title": "Unfinished"}
    save_draft(other, content=draft, by=people["Author"])
    [linking] = found(moved)
    assert linking.lines == [1, 2]
    lead_on(linking, by=people["Author"])
    other.refresh_from_db()
    assert (other.title, other.body) == ("Other", "Live [a](/new-tide/)")
    newest = other.newest_version()
    assert newest.content["title"] == "Unfinished"
    assert newest.content["body"] == "Draft\n[a](/new-tide/)"
    assert newest.number == other.live_number + 1


def test_a_link_in_the_draft_alone_changes_nothing_for_readers(moved, people):
    other = factories.post("Other", body="Live", author=people["Author"])
    save_draft(other, content=content_of(other) | {"body": "[a](/old-tide/)"}, by=other.author)
    [linking] = found(moved)
    lead_on(linking, by=people["Author"])
    other.refresh_from_db()
    newest = other.newest_version()
    assert (other.body, newest.content["body"]) == ("Live", "[a](/new-tide/)")
    assert newest.number > other.live_number


def test_what_was_taken_down_does_not_come_out_again(moved, people):
    other = factories.post("Other", body="[a](/old-tide/)", author=people["Author"])
    type(other).objects.filter(pk=other.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    [linking] = found(moved)
    lead_on(linking, by=people["Author"])
    other.refresh_from_db()
    assert not other.is_live()
    assert other.newest_version().content["body"] == "[a](/new-tide/)"
    assert found(moved) == []


def test_a_scheduled_post_and_a_draft_keep_their_state(moved, people):
    soon = timezone.now() + timedelta(days=1)
    later = factories.post("Later", body="[a](/old-tide/)", published_at=soon)
    draft = factories.draft("Draft", body="[a](/old-tide/)")
    for linking in found(moved):
        lead_on(linking, by=people["Editor"])
    for post, standing in ((later, "scheduled"), (draft, "draft")):
        post.refresh_from_db()
        assert (post.standing, post.body) == (standing, "[a](/new-tide/)")


def test_who_saved_meanwhile_keeps_what_they_wrote(moved, people):
    other = factories.post("Other", body="[a](/old-tide/)", author=people["Author"])
    [linking] = found(moved)
    save_draft(other, content=content_of(other) | {"body": "Newer"}, by=other.author)
    lead_on(linking, by=people["Editor"])
    other.refresh_from_db()
    assert other.body == "[a](/new-tide/)"
    assert other.newest_version().content["body"] == "Newer"


def test_who_published_meanwhile_keeps_what_readers_see(client, moved, people, monkeypatch):
    other = factories.post("Other", body="[a](/old-tide/)", author=people["Author"])

    def late(linking, **more):
        row = type(other).objects.get(pk=other.pk)
        publish(row, content=content_of(row) | {"body": "Corrected"}, by=row.author)
        lead_on(linking, **more)

    monkeypatch.setattr("posts.admin.links.lead_on", late)
    client.force_login(people["Author"])
    assert "in another state now" in client.post(page(moved), follow=True).text
    other.refresh_from_db()
    assert (other.body, other.edited_at is None) == ("Corrected", False)


# -- at the desk -----------------------------------------------------------------------------


def test_one_button_changes_what_one_may_edit_and_names_whom_to_ask(client, moved, people):
    own = factories.post("Mine", body="[a](/old-tide/)", author=people["Author"])
    theirs = factories.post("Theirs", body="[a](/old-tide/)", author=people["Stranger"])
    factories.draft("Secret plan", body="[a](/old-tide/)", author=people["Stranger"])
    client.force_login(people["Author"])
    shown = client.get(page(moved)).text
    assert "Change the links in 1 post" in shown
    assert "ask tomasz" in shown
    assert "One more is a draft of somebody else" in shown
    assert "Secret plan" not in shown
    assert "1 post links to the new address" in client.post(page(moved), follow=True).text
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.body, theirs.body) == ("[a](/new-tide/)", "[a](/old-tide/)")


@pytest.mark.parametrize("role", ["Stranger", "Contributor", "Moderator", "Reader", None])
def test_nobody_else_sees_or_changes_the_links(client, moved, people, role):
    other = factories.post("Other words", body="[a](/old-tide/)", author=people["Author"])
    if role:
        client.force_login(people[role])
    for answer in (client.get(page(moved)), client.post(page(moved))):
        assert answer.status_code in (302, 403, 404)
        assert "Other words" not in answer.text
    other.refresh_from_db()
    assert other.body == "[a](/old-tide/)"


def test_the_page_costs_the_same_for_many_posts(
    client, moved, people, django_assert_max_num_queries
):
    client.force_login(people["Editor"])

    def fill(count):
        for _n in range(count):
            factories.post(body="[a](/old-tide/)", author=people["Author"])

    fill(2)
    with django_assert_max_num_queries(14) as few:
        client.get(page(moved))
    fill(10)
    with django_assert_max_num_queries(14) as many:
        assert "12 posts" in client.get(page(moved)).text
    assert len(few) == len(many)


def test_the_page_is_offered_to_who_has_just_moved_a_post(client, people):
    client.force_login(people["Author"])
    post = factories.post("Old tide", author=people["Author"])
    factories.post("Other", body="[a](/old-tide/)", author=people["Author"])
    form = client.get(reverse("admin:posts_post_change", args=[post.pk])).context["adminform"].form
    typed = {
        field.html_name: field.value() for field in form if field.value() not in (None, False, [])
    }
    typed = {name: value for name, value in typed.items() if not isinstance(value, list)}
    address = reverse("admin:posts_post_change", args=[post.pk])
    answer = client.post(address, typed | {"slug": "new-tide", "_publish": "1"}, follow=True)
    post.refresh_from_db()
    assert post.slug == "new-tide"
    assert "1 post still links to it" in answer.text
    assert page(post) in answer.text
