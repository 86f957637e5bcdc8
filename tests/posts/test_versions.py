"""Versions, their differences, the way back, and two people who write at once."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from posts.content import content_of
from posts.models import Autosave, Post
from posts.services.refusals import AddressTaken, NewerVersion, Stopped
from posts.services.saving import publish, save_draft
from tests import factories
from tests.writing import change, form_of, opened, write

pytestmark = pytest.mark.django_db


def versions(post, **query) -> str:
    return reverse("admin:posts_post_versions", args=[post.pk])


def restore(client, post, number):
    address = reverse("admin:posts_post_restore", args=[post.pk, number])
    return client.post(address, {"newest": str(post.newest_version().number)})


def test_the_list_tells_who_when_and_why(client, people):
    post = factories.post(author=people["Author"])
    client.force_login(people["Editor"])
    write(client, post, body="Better.", note="Clearer opening")
    page = client.get(versions(post)).text
    assert "Clearer opening" in page
    assert "amara" in page
    assert "ines" in page


def test_the_difference_marks_words_and_fields(client, people):
    tags = [factories.tag("Tides"), factories.tag("Tools")]
    post = factories.draft("Old name", author=people["Author"], body="The boat leaves at five.")
    client.force_login(people["Author"])
    write(
        client, post, title="New name", body="The boat leaves at six.", tags=[tags[1].pk], math="on"
    )
    page = client.get(versions(post), {"from": "1", "to": "2"}).text
    for mark in ("</span>five</del>", "</span>six</ins>", "Old</del>", "New</ins> name<"):
        assert mark in page
    assert "Tools</ins>" in page
    assert "Yes</ins>" in page
    assert "one word came" in page


def test_the_form_names_the_version_whose_text_it_shows(client, people):
    post = factories.post(author=people["Author"], body="Out.")
    client.force_login(people["Author"])
    told = [opened(client, post)]
    write(client, post, body="Newer.")
    told.append(opened(client, post))
    publish(post, by=None)
    told.append(opened(client, post))
    shown = [(fields["base_number"], fields["body"]) for fields in told]
    assert shown == [(["1"], ["Out."]), (["2"], ["Newer."]), (["2"], ["Newer."])]


def test_what_was_deleted_meanwhile_is_named_so(client, people):
    series = factories.series("Boats")
    post = factories.draft(author=people["Author"], series=series)
    client.force_login(people["Author"])
    write(client, post, series="")
    series.delete()
    assert "(deleted)</del>" in client.get(versions(post)).text


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 30])
def test_versions_that_are_not_there(client, people, number):
    post = factories.draft(author=people["Author"])
    client.force_login(people["Author"])
    assert client.get(versions(post), {"from": number}).status_code in (200, 404)
    assert client.get(versions(post), {"to": number}).status_code in (200, 404)


def test_markup_in_an_old_text_is_shown_not_run(client, people):
    post = factories.draft("<b>bold</b>", author=people["Author"], body="<script>1</script> a")
    client.force_login(people["Author"])
    write(client, post, body="<script>2</script> a", title="plain")
    page = client.get(versions(post)).text
    assert "<script>1" not in page
    assert "<b>bold" not in page


def test_restoring_makes_a_new_version_and_leaves_what_is_out(client, people):
    post = factories.post(author=people["Author"], body="First.")
    client.force_login(people["Author"])
    write(client, post, press="_publish", body="Second.")
    restore(client, post, 1)
    post.refresh_from_db()
    kept = list(post.versions.values_list("content__body", "note"))
    assert kept == [("First.", "Version 1 again"), ("Second.", ""), ("First.", "")]
    assert post.body == "Second."


def test_restoring_a_text_whose_picture_and_topic_are_gone(client, people):
    image, tag = factories.image(people["Author"]), factories.tag()
    post = factories.draft(author=people["Author"], body="First.", cover=image, tags=[tag])
    client.force_login(people["Author"])
    write(client, post, body="Second.", cover="", tags=[])
    image.delete()
    tag.delete()
    assert restore(client, post, 1).status_code == 302
    post.refresh_from_db()
    assert (post.body, post.cover) == ("First.", None)


def test_restoring_over_somebodys_newer_version_stops(client, people):
    post = factories.draft(author=people["Author"], body="First.")
    client.force_login(people["Author"])
    write(client, post, body="Second.")
    address = reverse("admin:posts_post_restore", args=[post.pk, 1])
    answer = client.post(address, {"newest": "1"}, follow=True)
    assert "Nothing was changed" in answer.text
    assert post.newest_version().content["body"] == "Second."


@pytest.mark.parametrize("role", [None, "Stranger", "Contributor", "Moderator", "Reader"])
def test_strangers_see_and_restore_nothing(client, people, role):
    post = factories.draft("Secret plan", author=people["Author"], body="Hidden words.")
    post.body = "Other words."
    save_draft(post, content=content_of(post), by=people["Author"])
    if role:
        client.force_login(people[role])
    for answer in (client.get(versions(post)), restore(client, post, 1)):
        assert answer.status_code in (302, 403, 404)
        assert "Hidden" not in answer.text
        assert "Secret" not in answer.text
    assert post.versions.count() == 2


def test_hundreds_of_versions_are_listed_in_pages(client, people, django_assert_max_num_queries):
    post = factories.draft(author=people["Author"])
    for n in range(42):
        save_draft(post, content=content_of(post) | {"body": f"Text {n}."}, by=people["Author"])
    client.force_login(people["Author"])
    with django_assert_max_num_queries(20):
        page = client.get(versions(post))
    assert "?before=" in page.text
    assert client.get(versions(post), {"before": "22"}).status_code == 200


# -- two at once -----------------------------------------------------------------------------


@pytest.fixture
def meeting(client, people):
    """Ines wrote on, from the text that Amara has changed meanwhile."""
    text = "It leaves at five. Nobody runs.\n\nThe sign is old."
    post = factories.draft("Boats", author=people["Author"], body=text)
    client.force_login(people["Author"])
    begun = opened(client, post)
    other = type(client)()
    other.force_login(people["Editor"])
    write(other, post, title="Ferries", body=text.replace("old", "new").replace("five", "six"))
    mine = {"body": text.replace("Nobody", "Everybody").replace("five", "seven"), "dek": "Mine."}
    answer = write(client, post, begun=begun, **mine)
    return post, answer


def merge_form(post, answer):
    return form_of(answer, action=change(post))


def test_saving_over_a_newer_version_shows_both_and_writes_nothing(client, people, meeting):
    post, answer = meeting
    assert "amara saved this text while you were writing" in answer.text
    assert post.versions.count() == 2
    assert Autosave.objects.get().content["dek"] == ["Mine."]


def test_the_merge_takes_what_only_one_changed_by_itself(client, people, meeting):
    post, answer = meeting
    client.post(change(post), merge_form(post, answer) | {"_draft": "1"})
    content = post.newest_version().content
    assert content["title"] == "Ferries"
    assert content["dek"] == "Mine."
    assert content["body"] == "It leaves at seven. Everybody runs.\n\nThe sign is new."
    assert post.versions.count() == 3
    assert not Autosave.objects.exists()


def test_each_passage_can_be_chosen(client, people, meeting):
    post, answer = meeting
    passages = {
        "theirs": "It leaves at six. Nobody runs.",
        "mine": "It leaves at seven. Everybody runs.",
        "both": "It leaves at seven. Everybody runs. It leaves at six. Nobody runs.",
    }
    for side, first in passages.items():
        with transaction.atomic():
            client.post(change(post), merge_form(post, answer) | {"p0": side, "_draft": "1"})
            body = post.newest_version().content["body"]
            transaction.set_rollback(True)  # for the next to find it undecided
        assert " ".join(body.split("\n\n")[0].split()) == first, side
        assert body.endswith("The sign is new."), side


def test_the_merged_text_can_be_written_on_before_it_is_saved(client, people, meeting):
    post, answer = meeting
    form = client.post(change(post), merge_form(post, answer) | {"p0": "both", "_edit": "1"})
    assert "Nothing is saved yet" in form.text
    assert "Please correct" not in form.text
    assert "<title>Error" not in form.text
    assert post.versions.count() == 2
    begun = form_of(form, ident="post_form")
    assert "seven" in begun["body"][0]
    assert "six" in begun["body"][0]
    write(client, post, begun=begun)
    assert post.versions.count() == 3


def test_one_side_everywhere(client, people, meeting):
    post, answer = meeting
    again = client.post(change(post), merge_form(post, answer) | {"_take": "theirs"})
    assert post.versions.count() == 2
    client.post(change(post), merge_form(post, again) | {"_draft": "1"})
    content = post.newest_version().content
    assert content["body"] == "It leaves at six. Nobody runs.\n\nThe sign is new."
    assert (content["title"], content["dek"]) == ("Ferries", "")


def test_a_third_save_during_the_merge_is_shown_too(client, people, meeting):
    post, answer = meeting
    other = type(client)()
    other.force_login(people["Editor"])
    write(other, post, seo_title="Found")
    again = client.post(change(post), merge_form(post, answer) | {"_draft": "1"})
    assert "saved this text while you were writing" in again.text
    client.post(change(post), merge_form(post, again) | {"_draft": "1"})
    content = post.newest_version().content
    assert (content["seo_title"], content["dek"]) == ("Found", "Mine.")
    assert post.versions.count() == 4


def test_topics_of_both_can_be_kept(client, people):
    mine, theirs = factories.tag("Mine"), factories.tag("Theirs")
    post = factories.draft(author=people["Author"])
    client.force_login(people["Author"])
    begun = opened(client, post)
    save_draft(post, content=content_of(post) | {"tags": [theirs.pk]}, by=people["Editor"])
    answer = write(client, post, begun=begun, tags=[mine.pk])
    client.post(change(post), merge_form(post, answer) | {"f-tags": "both", "_draft": "1"})
    assert post.newest_version().content["tags"] == [mine.pk, theirs.pk]


# -- at the same moment ----------------------------------------------------------------------


def at_once(*steps):
    """Run each in a thread of its own, all begun together; what each answered or raised."""
    results: list = [None] * len(steps)
    gate = threading.Barrier(len(steps))

    def run(number, step):
        gate.wait()
        try:
            results[number] = step()
        except Exception as problem:
            results[number] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, step)) for n, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_who_save_in_the_same_moment_leave_one_truth_and_a_message():
    ines, amara = factories.user("ines"), factories.user("amara")
    post = factories.post(author=ines)
    texts = {who: content_of(post) | {"body": f"By {who.name}."} for who in (ines, amara)}

    def saving(who: User):
        return lambda: publish(post, content=texts[who], by=who, base=1)

    results = at_once(saving(ines), saving(amara))
    lost = [one for one in results if isinstance(one, NewerVersion)]
    won = [one for one in results if isinstance(one, Post)]
    assert (len(lost), len(won)) == (1, 1)
    row = Post.objects.get()
    assert row.body == won[0].body == row.newest_version().content["body"]
    assert row.live_number == row.newest_version().number == 2


@pytest.mark.django_db(transaction=True)
def test_two_posts_that_want_one_address_in_the_same_moment():
    ines = factories.user("ines")
    first, second = factories.post("First", author=ines), factories.post("Second", author=ines)

    def renaming(post):
        content = content_of(post) | {"slug": "wanted"}
        return lambda: publish(post, content=content, by=ines, base=1)

    results = at_once(renaming(first), renaming(second))
    # Who comes a little later hears of it by the check list already.
    assert sum(isinstance(one, AddressTaken | Stopped) for one in results) == 1
    assert sorted(Post.objects.values_list("slug", flat=True)) in (
        ["first", "wanted"],
        ["second", "wanted"],
    )


# -- any text at all -------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=400)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=words, second=words)
def test_any_text_comes_back_from_its_versions_as_it_was(client, people, first, second):
    client.force_login(people["Author"])
    post = factories.draft(author=people["Author"], body="Begin.")
    for body in (first, second):
        assert write(client, post, body=body, note="again").status_code == 302
        assert post.newest_version().content["body"] == body
    restore(client, post, 2)
    assert post.newest_version().content["body"] == first
    assert Post.objects.get(pk=post.pk).body == first
