"""Topics: completed while writing, merged, renamed, removed; as each role, by the real pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blogsite.pagecache.stamps import pending
from posts.content import content_of
from posts.models import FormerTag, Post, Tag
from posts.services import refusals, saving
from posts.services.bulk import DEEDS, NotThisOne
from posts.services.organising import TopicGone, merge_tags, save_gathering, tags_named
from posts.services.saving import amend, publish, save_draft
from tests import factories
from tests.posts.test_versions import at_once
from tests.writing import Form, opened, write

pytestmark = pytest.mark.django_db

LIST, MERGE = "/admin/posts/tag/", "/admin/posts/tag/merge/"
TOPICS = "/admin/posts/post/topics/"


@pytest.fixture
def editor(client, people):
    client.force_login(people["Editor"])
    return client


def names(post):
    return sorted(post.tags.values_list("name", flat=True))


def formers():
    return {former.slug: former.tag.name for former in FormerTag.objects.select_related("tag")}


def change(tag):
    return reverse("admin:posts_tag_change", args=[tag.pk])


def fields(tag, **typed):
    return {"name": tag.name, "slug": tag.slug, "description": "", "cover": ""} | typed


# -- merging ---------------------------------------------------------------------------------


def test_merging_goes_from_the_list_over_a_page_that_tells_to_one_topic(editor):
    tides, tide, ebb = (factories.tag(name) for name in ("Tides", "Tide", "Ebb"))
    both = factories.post("Both", tags=[tides, tide])
    only = factories.post("Only", tags=[ebb])
    chosen = {"action": "merge", "_selected_action": [tides.pk, tide.pk, ebb.pk]}
    page = editor.post(LIST, chosen, follow=True)
    assert "Afterwards 2 posts have the topic that stays" in page.text
    assert Tag.objects.count() == 3

    sent = Form(page.text, MERGE).fields | {"into": [str(tides.pk)]}
    answer = editor.post(MERGE, sent, follow=True)
    assert "“Tides” stays, and one post more has it" in answer.text
    assert list(Tag.objects.all()) == [tides]
    assert names(both) == names(only) == ["Tides"]
    assert formers() == {"tide": "Tides", "ebb": "Tides"}
    assert only.versions.get().content["tags"] == [ebb.pk]  # no version is rewritten


def test_a_draft_over_a_live_text_follows_the_merge_and_stays_a_draft(editor):
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    post = factories.post("Sea")
    save_draft(post, content=content_of(post) | {"tags": [ebb.pk], "title": "Ocean"}, by=None)
    page = editor.get(MERGE, {"topic": [tides.pk, ebb.pk]})
    assert "Changes that are not out yet" in page.text
    assert "Sea" in page.text
    merge_tags(tides, [ebb])
    post.refresh_from_db()
    assert (names(post), post.title, post.is_ahead) == ([], "Sea", True)
    assert opened(editor, post)["tags"] == [str(tides.pk)]
    publish(post, by=None)
    assert names(post) == ["Tides"]


def test_chains_of_merges_are_one_step():
    first, second, third = (factories.tag(name) for name in ("First", "Second", "Third"))
    post = factories.draft(tags=[first])
    merge_tags(second, [first])
    merge_tags(third, [second])
    assert formers() == {"first": "Third", "second": "Third"}
    assert names(post) == ["Third"]
    amend(post, lambda content: content | {"title": "New"}, by=None)
    assert names(post) == ["Third"]


def test_a_small_change_after_a_merge_makes_no_draft_of_its_own():
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    post = factories.post(tags=[ebb])
    merge_tags(tides, [ebb])
    amend(post, lambda content: content | {"series_position": 4}, by=None)
    post = Post.objects.get()
    assert (post.series_position, post.is_ahead, names(post)) == (4, False, ["Tides"])
    with pytest.raises(NotThisOne):
        DEEDS["add_tag"].plan(post, tides)


def test_a_save_that_waited_for_a_merge_is_found_by_the_topic_that_stayed(editor, monkeypatch):
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    post = factories.post(tags=[ebb])

    def waited(pk):
        """PostgreSQL answers with the row as it is now, and with the names of before."""
        row = refusals.locked(pk)
        merge_tags(tides, [ebb])
        return row

    monkeypatch.setattr(saving, "locked", waited)
    saving.set_live(post, by=None, is_featured=True)
    for word, is_found in (("tides", True), ("ebb", False)):
        found = editor.get("/admin/posts/post/", {"q": word}).context["cl"].result_list
        assert (post in found) == is_found


def test_pages_that_named_a_merged_topic_are_made_anew(client):
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    post = factories.post(tags=[ebb])
    assert "Ebb" in client.get(post.get_absolute_url()).text
    assert not [key for key in pending() if key.startswith("tag:")]
    merge_tags(tides, [ebb])
    assert {"lists", f"tag:{tides.pk}", f"tag:{ebb.pk}"} <= set(pending())
    for address in (post.get_absolute_url(), "/"):
        page = client.get(address).text
        assert "Tides" in page
        assert "Ebb" not in page


def test_a_merge_into_a_topic_that_is_gone_changes_nothing(editor):
    tides, ebb, wind = (factories.tag(name) for name in ("Tides", "Ebb", "Wind"))
    post = factories.post(tags=[ebb])
    merge_tags(wind, [tides])
    sent = {"topic": [tides.pk, ebb.pk], "into": tides.pk}
    assert "Nothing was changed" in editor.post(MERGE, sent, follow=True).text
    sent["into"] = ebb.pk
    assert "Nothing was changed" in editor.post(MERGE, sent, follow=True).text
    assert names(post) == ["Ebb"]


@pytest.mark.parametrize("sent", [{}, {"topic": "x"}, {"topic": "9" * 30, "into": "9" * 30}])
def test_nonsense_merges_nothing(editor, sent):
    factories.tag("Tides")
    assert "Choose two topics" in editor.get(MERGE, sent).text
    assert editor.post(MERGE, sent).status_code == 302
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("role", ["Contributor", "Author", "Moderator", "Reader", None])
def test_only_editors_change_merge_and_delete(client, people, role):
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    if role:
        client.force_login(people[role])
    both = {"topic": [tides.pk, ebb.pk], "into": tides.pk}
    chosen = {"action": "merge", "_selected_action": [tides.pk, ebb.pk]}
    delete = change(tides).replace("/change/", "/delete/")
    assert MERGE not in client.post(LIST, chosen).get("Location", "").partition("?next")[0]
    answers = [client.get(MERGE, both), client.post(MERGE, both)]
    answers += [client.post(change(tides), fields(tides, name="Mine")), client.post(delete)]
    for answer in answers:
        assert answer.status_code in (302, 403)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Ebb", "Tides"]


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_crosswise_leave_one_truth_and_a_message():
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    posts = [factories.post(tags=[tag]) for tag in (tides, ebb)]
    results = at_once(lambda: merge_tags(tides, [ebb]), lambda: merge_tags(ebb, [tides]))
    assert sum(isinstance(one, TopicGone) for one in results) == 1, results
    assert sum(one == 1 for one in results) == 1
    stays = Tag.objects.get()
    assert [names(post) for post in posts] == [[stays.name]] * 2
    assert list(formers().values()) == [stays.name]


@pytest.mark.django_db(transaction=True)
def test_a_post_saved_while_its_topic_is_merged_has_the_one_that_stays():
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    old, post = factories.post(tags=[ebb]), factories.draft()
    content = content_of(post) | {"tags": [ebb.pk]}
    results = at_once(
        lambda: merge_tags(tides, [ebb]), lambda: save_draft(post, content=content, by=None)
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    assert names(old) == names(post) == ["Tides"]


# -- names and addresses ---------------------------------------------------------------------


def test_a_new_address_keeps_the_old_one_and_who_takes_that_has_it(editor):
    tides = factories.tag("Tides")
    editor.post(change(tides), fields(tides, slug="sea"))
    assert formers() == {"tides": "Tides"}
    editor.post("/admin/posts/tag/add/", fields(Tag(name="Low water", slug="tides")))
    assert formers() == {}
    tides.refresh_from_db()
    editor.post(change(tides), fields(tides, slug="ocean"))
    editor.post(change(tides), fields(tides, slug="sea"))
    assert formers() == {"ocean": "Tides"}


def test_a_topic_of_a_merged_ones_name_takes_its_address_and_old_versions_still_find_their_way():
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    post = factories.draft(tags=[ebb])
    merge_tags(tides, [ebb])
    assert tags_named(["Ebb"])[0].slug == "ebb"
    assert "ebb" not in formers()
    save_draft(post, content=post.newest_version().content | {"title": "New"}, by=None)
    assert names(post) == ["Tides"]
    merge_tags(tides, tags_named(["ebb"]))
    assert formers()["ebb"] == "Tides"


@pytest.mark.parametrize("name", ["Tides", "tIDES"])
def test_a_name_that_is_taken_offers_the_merge(editor, name):
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    page = editor.post(change(ebb), fields(ebb, name=name))
    assert page.text.count("There is a topic of this name already.") == 1
    assert f"{MERGE}?topic={ebb.pk}&amp;topic={tides.pk}" in page.text
    page = editor.post("/admin/posts/tag/add/", fields(Tag(name=name)))
    assert "There is a topic of this name already." in page.text
    assert MERGE not in page.text
    assert Tag.objects.count() == 2


def test_deleting_a_topic_keeps_its_posts(editor):
    tides = factories.tag("Tides")
    post = factories.post(tags=[tides])
    save_gathering(tides)
    editor.post(change(tides).replace("/change/", "/delete/"), {"post": "yes"})
    assert not Tag.objects.exists()
    assert names(Post.objects.get(pk=post.pk)) == []


# -- completing while writing ----------------------------------------------------------------


def found(client, term):
    return [topic["name"] for topic in client.get(TOPICS, {"q": term}).json()["topics"]]


def test_suggestions_are_the_name_itself_then_its_beginning_then_what_holds_it(client, people):
    for name in ("Ebb tide", "Tidelands", "Tide", "Wind"):
        factories.tag(name)
    factories.post(tags=[Tag.objects.get(name="Tidelands")])
    client.force_login(people["Contributor"])
    assert found(client, " tide ") == ["Tide", "Tidelands", "Ebb tide"]
    assert found(client, "")[0] == "Tidelands"
    assert found(client, "nothing") == []
    tidelands = client.get(TOPICS, {"q": "tidel"}).json()["topics"]
    assert [topic["posts"] for topic in tidelands] == [1]


def test_suggestions_are_eight_at_most_and_cost_the_same_of_two_thousand(client, people):
    factories.tag("Tide")
    client.force_login(people["Author"])
    client.get(TOPICS)
    with CaptureQueriesContext(connection) as few:
        found(client, "t")
    Tag.objects.bulk_create(Tag(name=f"Topic {n}", slug=f"topic-{n}") for n in range(2000))
    with CaptureQueriesContext(connection) as many:
        assert len(found(client, "t")) == 8
    assert len(many) == len(few)


@pytest.mark.parametrize(("role", "status"), [("Moderator", 403), ("Reader", 401), (None, 401)])
def test_suggestions_are_for_who_writes(client, people, role, status):
    factories.tag("Secret plan")
    if role:
        client.force_login(people[role])
    answer = client.get(TOPICS, {"q": "secret"})
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]


def test_a_contributor_is_offered_no_new_topics(client, people):
    client.force_login(people["Contributor"])
    assert 'name="new_tags"' not in client.get("/admin/posts/post/add/").text
    client.force_login(people["Author"])
    assert 'name="new_tags"' in client.get("/admin/posts/post/add/").text


def test_of_two_thousand_topics_the_list_holds_the_used_and_takes_them_all(client, people):
    Tag.objects.bulk_create(Tag(name=f"Topic {n:04}", slug=f"topic-{n}") for n in range(2000))
    last, rare = Tag.objects.get(name="Topic 1999"), Tag.objects.get(name="Topic 1500")
    factories.post(tags=[last])
    client.force_login(people["Author"])
    page = client.get("/admin/posts/post/add/").text
    assert "Topic 1999" in page
    assert "Topic 1500" not in page
    assert page.count("Topic ") < 120
    assert client.get("/admin/posts/post/").text.count("Topic ") < 120
    write(client, title="A", tags=[rare.pk], new_tags="topic 0007")
    post = Post.objects.get(title="A")
    assert names(post) == ["Topic 0007", "Topic 1500"]
    assert sorted(opened(client, post)["tags"]) == sorted(str(t.pk) for t in post.tags.all())


def test_a_form_opened_before_a_merge_means_the_topic_that_stays(client, people):
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    gone = factories.tag("Gone")
    client.force_login(people["Author"])
    begun = opened(client)
    merge_tags(tides, [ebb])
    sent = [ebb.pk, gone.pk]
    gone.delete()
    assert write(client, begun=begun, title="A", tags=sent).status_code == 302
    assert names(Post.objects.get()) == ["Tides"]


# -- the lists -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tag", "series"])
def test_lists_stay_within_their_queries_search_count_and_find_the_unused(editor, name):
    address = f"/admin/posts/{name}/"
    assert "Nothing here yet" in editor.get(address).text
    row = {"tag": factories.tag, "series": factories.series}[name]("Tides")
    more = {"tags": [row]} if name == "tag" else {"series": row}
    factories.post(**more)
    factories.post(trashed_at=factories.timezone.now(), **more)
    model = type(row)
    model.objects.bulk_create(model(name=f"More {n}", slug=f"more-{n}") for n in range(2000))
    with CaptureQueriesContext(connection) as queries:
        editor.get(address)
    assert len(queries) <= 12
    page = editor.get(address, {"q": "tides"}).text
    assert '<td class="field-post_count">1</td>' in page
    assert (
        "Tides" not in editor.get(address, {"use": "none", "q": "tides"}).text.split("<tbody>")[-1]
    )
    assert '<a href="?use=none&amp;q=tides"' in page or '<a href="?q=tides&amp;use=none"' in page
    assert "Tides" in editor.get(address, {"use": "some"}).text
    assert "Nothing found" in editor.get(address, {"q": "nowhere"}).text


@pytest.mark.parametrize("name", ["tag", "series"])
@pytest.mark.parametrize(
    ("role", "status"), [("Contributor", 200), ("Author", 200), ("Moderator", 403), ("Reader", 302)]
)
def test_who_sees_the_lists_and_who_is_offered_to_merge(client, people, name, role, status):
    {"tag": factories.tag, "series": factories.series}[name]("Tides")
    client.force_login(people[role])
    answer = client.get(f"/admin/posts/{name}/")
    assert answer.status_code == status
    assert 'value="merge"' not in answer.text
