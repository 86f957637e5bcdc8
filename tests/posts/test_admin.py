"""Writing in the admin, as each role, through the real pages."""

import pytest
from django.urls import reverse

from posts.models import Post, Tag
from tests import factories

pytestmark = pytest.mark.django_db

ADD = "/admin/posts/post/add/"


def change(post) -> str:
    return reverse("admin:posts_post_change", args=[post.pk])


def form_of(post=None, **typed):
    """What a browser would send: the form's fields, with what was typed."""
    fields = {
        "title": "A new post",
        "dek": "",
        "body": "The *tide*.",
        "slug": "",
        "state": "draft",
        "visibility": "public",
        "kind": "post",
        "comments_mode": "open",
        "smart_quotes": "on",
        "new_tags": "",
    }
    if post:
        newest = post.versions.first()
        fields |= {"title": post.title, "slug": post.slug, "body": post.body, "state": post.state}
        fields |= {"author": post.author_id, "base_number": newest.number if newest else 0}
        if post.published_at:
            fields["published_at_0"] = post.published_at.strftime("%Y-%m-%d")
            fields["published_at_1"] = post.published_at.strftime("%H:%M:%S")
    return fields | typed


def test_an_author_writes_and_publishes(client, people):
    client.force_login(people["Author"])
    typed = form_of(state="published", new_tags="Tides, Tools")
    assert client.post(ADD, typed).status_code == 302
    post = Post.objects.get()
    assert (post.author, post.slug, post.is_live()) == (people["Author"], "a-new-post", True)
    assert set(post.tags.values_list("name", flat=True)) == {"Tides", "Tools"}
    assert "<em>tide</em>" in client.get(post.get_absolute_url()).text


def test_a_contributor_hands_in_but_does_not_publish(client, people):
    client.force_login(people["Contributor"])
    assert client.post(ADD, form_of(state="published")).status_code == 200
    assert not Post.objects.exists()
    assert client.post(ADD, form_of(state="review")).status_code == 302
    assert Post.objects.get().state == "review"


def test_a_contributor_leaves_alone_what_is_out(client, people):
    post = factories.post(author=people["Contributor"])
    client.force_login(people["Contributor"])
    client.post(change(post), form_of(post, state="draft", body="Changed"))
    post.refresh_from_db()
    assert (post.state, post.body) == ("published", "Some *text* about the tide.")


@pytest.mark.parametrize("role", ["Contributor", "Stranger"])
def test_nobody_reaches_a_strangers_post(client, people, role):
    post = factories.draft("Secret plan", author=people["Author"])
    client.force_login(people[role])
    for address in (change(post), f"{change(post)[:-7]}delete/", f"{change(post)[:-7]}history/"):
        answer = client.get(address)
        assert answer.status_code in (302, 403)
        assert "Secret plan" not in answer.text
    assert "Secret plan" not in client.get("/admin/posts/post/").text
    client.post(change(post), form_of(post, body="Stolen"))
    post.refresh_from_db()
    assert post.body != "Stolen"


def test_a_moderator_does_not_see_posts_at_all(client, people):
    client.force_login(people["Moderator"])
    assert client.get("/admin/posts/post/").status_code == 403


@pytest.mark.parametrize("role", ["Editor", "Administrator"])
def test_an_editor_works_on_anybodys_post(client, people, role):
    post = factories.post(author=people["Author"])
    client.force_login(people[role])
    assert client.post(change(post), form_of(post, body="Edited")).status_code == 302
    post.refresh_from_db()
    assert (post.body, post.author) == ("Edited", people["Author"])


def test_an_author_cannot_hand_a_post_to_somebody_else(client, people):
    client.force_login(people["Author"])
    client.post(ADD, form_of(author=people["Editor"].pk))
    assert Post.objects.get().author == people["Author"]


def test_who_may_not_add_topics_is_told_and_keeps_the_text(client, people):
    client.force_login(people["Contributor"])
    answer = client.post(ADD, form_of(body="Long thoughts", new_tags="Novel"))
    assert answer.status_code == 200
    assert "Choose among the topics" in answer.text
    assert "Long thoughts" in answer.text
    assert not Tag.objects.exists()


def test_a_new_topic_that_exists_is_not_made_twice(client, people):
    tides = Tag.objects.create(name="Tides")
    client.force_login(people["Author"])
    client.post(ADD, form_of(new_tags="tides"))
    assert list(Post.objects.get().tags.all()) == [tides]


def test_saving_over_a_newer_version_asks_first_and_loses_nothing(client, people):
    post = factories.draft(author=people["Author"], body="First")
    begun = form_of(post)
    client.force_login(people["Editor"])
    client.post(change(post), form_of(post, body="The editor's"))
    client.force_login(people["Author"])
    answer = client.post(change(post), begun | {"body": "Mine"})
    assert answer.status_code == 200
    assert "amara saved this post" in answer.text
    assert "Mine" in answer.text
    post.refresh_from_db()
    assert post.body == "The editor's"

    again = answer.context["adminform"].form.data
    assert client.post(change(post), again).status_code == 302
    kept = list(post.versions.values_list("content__body", flat=True))
    assert kept == ["Mine", "The editor's", "First"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"state": "published", "title": ""}, "needs a title"),
        ({"slug": "admin"}, "The site itself answers"),
        ({"body": "nul\x00byte"}, "Null characters"),
        ({"body": "word " * 50_000}, "shorten it or split it"),
        ({"slug": "two words"}, "valid"),
        ({"published_at_0": "2026-13-45", "published_at_1": "25:00"}, "valid"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(client, people, typed, told):
    client.force_login(people["Author"])
    answer = client.post(ADD, form_of(dek="Keep me", **typed))
    assert answer.status_code == 200
    assert told in answer.text
    assert "Keep me" in answer.text
    assert not Post.objects.exists()


def test_an_author_deletes_a_draft_and_its_page_is_gone(client, people):
    post = factories.post(author=people["Author"])
    client.force_login(people["Author"])
    client.post(f"{change(post)[:-7]}delete/", {"post": "yes"})
    client.logout()
    assert client.get(post.get_absolute_url()).status_code == 404


def test_saving_costs_the_same_for_a_short_text_and_a_long_history(
    client, people, django_assert_max_num_queries
):
    tags = [factories.tag("Tides"), factories.tag("Tools")]
    post = factories.post(author=people["Editor"], tags=tags, co_authors=[people["Author"]])
    client.force_login(people["Editor"])
    chosen = {"tags": [tag.pk for tag in tags], "co_writers": [people["Author"].pk]}

    def save(body: str):
        return client.post(change(post), form_of(post, body=body) | chosen)

    with django_assert_max_num_queries(30) as short:
        assert save("Short.").status_code == 302
    for n in range(5):
        save(f"Again {n}.")
    for _n in range(20):
        factories.post(author=people["Author"])
    with django_assert_max_num_queries(30) as long:
        assert save("word " * 5_000).status_code == 302
    assert len(long) == len(short)
