"""Writing in the admin, as each role, through the real pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blogsite.media.models import Image
from blogsite.pagecache.models import PageStamp
from blogsite.site.models import SiteSettings
from posts.content import content_of
from posts.models import Authorship, Autosave, FormerTag, Post, SlugHistory, Step, Tag
from posts.services import steps
from posts.services.saving import delete_posts, publish
from tests import factories
from tests.media import pictures
from tests.writing import ADD, change, form_of, opened, write

pytestmark = pytest.mark.django_db


def test_an_author_writes_and_publishes(client, people):
    client.force_login(people["Author"])
    typed = {"title": "A new post", "body": "The *tide*.", "new_tags": "Tides, Tools"}
    assert write(client, press="_publish", **typed).status_code == 302
    post = Post.objects.get()
    assert (post.author, post.slug, post.is_live()) == (people["Author"], "a-new-post", True)
    assert set(post.tags.values_list("name", flat=True)) == {"Tides", "Tools"}
    assert "<em>tide</em>" in client.get(post.get_absolute_url()).text


def test_a_contributor_hands_in_but_does_not_publish(client, people):
    client.force_login(people["Contributor"])
    assert write(client, press="_publish", title="Mine").status_code == 403
    assert not Post.objects.exists()
    write(client, press="_review", title="Mine", word="Is it too long?")
    assert Post.objects.get().state == "review"
    assert Step.objects.get().note == "Is it too long?"


def test_an_editor_sends_back_with_a_word_and_the_author_reads_it(client, people):
    post = factories.draft(author=people["Contributor"], state="review")
    client.force_login(people["Editor"])
    write(client, post, press="_return", word="Shorter, please.")
    client.force_login(people["Contributor"])
    page = client.get(change(post))
    assert "Shorter, please." in page.text
    assert "amara" in page.text
    post.refresh_from_db()
    assert post.state == "draft"


def test_only_editors_send_back(client, people):
    post = factories.draft(author=people["Author"], state="review")
    client.force_login(people["Author"])
    assert write(client, post, press="_return").status_code == 403


def test_an_editor_approves(client, people):
    post = factories.draft(author=people["Contributor"], state="review")
    client.force_login(people["Editor"])
    write(client, post, press="_publish")
    post.refresh_from_db()
    assert post.is_live()
    assert post.author == people["Contributor"]


def test_a_contributor_leaves_alone_what_is_out(client, people):
    post = factories.post(author=people["Contributor"])
    client.force_login(people["Contributor"])
    assert client.post(change(post), {"title": "Mine now", "_draft": "1"}).status_code == 403
    assert post.versions.count() == 1


@pytest.mark.parametrize("role", ["Contributor", "Stranger"])
def test_nobody_reaches_a_strangers_post(client, people, role):
    post = factories.draft("Secret plan", author=people["Author"])
    client.force_login(people[role])
    assert "Secret plan" not in client.get("/admin/posts/post/").text
    for page in ("change", "delete", "history", "versions", "autosave"):
        address = change(post).replace("/change/", f"/{page}/")
        for answer in (client.get(address), client.post(address, {"title": "X", "post": "yes"})):
            assert answer.status_code in (302, 403, 404, 405), page
            assert "Secret plan" not in answer.text, page
        post.refresh_from_db()
        kept = (post.title, post.trashed_at, post.versions.count())
        assert kept == ("Secret plan", None, 1), page
        assert not Autosave.objects.exists(), page


def test_a_moderator_does_not_see_posts_at_all(client, people):
    client.force_login(people["Moderator"])
    assert client.get("/admin/posts/post/").status_code == 403


@pytest.mark.parametrize("role", ["Editor", "Administrator"])
def test_an_editor_works_on_anybodys_post(client, people, role):
    post = factories.post(author=people["Author"])
    client.force_login(people[role])
    assert write(client, post, press="_publish", body="Edited").status_code == 302
    post.refresh_from_db()
    assert (post.body, post.author) == ("Edited", people["Author"])


def test_an_author_cannot_hand_a_post_to_somebody_else(client, people):
    client.force_login(people["Author"])
    write(client, title="Mine", author=people["Editor"].pk)
    assert Post.objects.get().author == people["Author"]


def test_who_may_not_add_topics_is_told_and_keeps_the_text(client, people):
    client.force_login(people["Contributor"])
    answer = write(client, title="A", body="Long thoughts", new_tags="Novel")
    assert answer.status_code == 200
    assert "Choose among the topics" in answer.text
    assert form_of(answer, ident="post_form")["body"] == ["Long thoughts"]
    assert not Tag.objects.exists()


def test_a_new_topic_that_exists_is_not_made_twice(client, people):
    tides = Tag.objects.create(name="Tides")
    client.force_login(people["Author"])
    write(client, title="A", new_tags="tides")
    assert list(Post.objects.get().tags.all()) == [tides]


BAD_INPUT = [
    ("_publish", {"title": ""}, "needs a title"),
    ("_draft", {"slug": "admin"}, "The site itself answers"),
    ("_draft", {"body": "nul\x00byte"}, "Null characters"),
    ("_draft", {"body": "word " * 50_000}, "shorten it or split it"),
    ("_draft", {"slug": "two words"}, "valid"),
    ("_draft", {"published_at": "2026-13-45T25:00"}, "valid"),
    ("_draft", {"expires_at": "2020-01-01T10:00"}, "after it goes out"),
    ("_draft", {"series": "99"}, "valid choice"),
    ("_draft", {"tags": ["1", "x"]}, "valid"),
]


def test_bad_input_is_told_and_nothing_is_lost(client, people):
    client.force_login(people["Author"])
    begun = opened(client) | {"title": "A", "dek": "Keep me", "note": "Me too"}
    for press, typed, told in BAD_INPUT:
        answer = write(client, press=press, begun=begun | typed)
        assert answer.status_code == 200, told
        assert told in answer.text
        kept = form_of(answer, ident="post_form")
        assert (kept["dek"], kept["note"]) == (["Keep me"], ["Me too"]), told
        assert not Post.objects.exists(), told


def cover_upload(**options) -> SimpleUploadedFile:
    return SimpleUploadedFile("pier.jpg", pictures.jpeg(**options), "image/jpeg")


def test_a_cover_is_chosen_and_kept_whatever_else_is_wrong(client, people):
    client.force_login(people["Author"])
    upload = cover_upload()
    answer = write(client, title="A", slug="admin", cover_file=upload, cover_alt="A pier")
    assert answer.status_code == 200
    image = Image.objects.get()
    kept = form_of(answer, ident="post_form")
    assert kept["cover"] == [str(image.pk)]
    write(client, begun=kept, slug="free")
    assert Post.objects.get().cover == image
    assert image.alt == "A pier"


def test_a_cover_survives_a_merge(client, people):
    post = factories.draft(author=people["Author"], body="One.")
    client.force_login(people["Author"])
    begun = opened(client, post)
    write(client, post, body="Two.")
    merge = write(client, post, begun=begun, body="Three.", cover_file=cover_upload())
    client.post(change(post), form_of(merge, action=change(post)) | {"_draft": "1"})
    assert post.newest_version().content["cover_id"] == Image.objects.get().pk


def test_what_is_no_picture_is_told_and_the_text_stays(client, people):
    client.force_login(people["Author"])
    upload = SimpleUploadedFile("notes.jpg", b"no picture", "image/jpeg")
    answer = write(client, title="A", body="Long thoughts", cover_file=upload)
    assert answer.status_code == 200
    assert form_of(answer, ident="post_form")["body"] == ["Long thoughts"]
    assert not Image.objects.exists()


def test_the_trash_keeps_a_post_and_its_page_is_gone(client, people):
    post = factories.post("Doomed", author=people["Author"])
    client.force_login(people["Author"])
    page = client.get(change(post).replace("/change/", "/delete/"))
    assert "30 days" in page.text
    client.post(change(post).replace("/change/", "/delete/"), {"post": "yes"})
    post.refresh_from_db()
    assert post.trashed_at
    assert post.versions.count() == 1
    client.logout()
    assert client.get(post.get_absolute_url()).status_code == 404


def test_what_is_in_the_trash_is_not_written_on(client, people):
    post = factories.draft(author=people["Author"])
    client.force_login(people["Author"])
    begun = opened(client, post)
    client.post(change(post).replace("/change/", "/delete/"), {"post": "yes"})
    answer = write(client, post, begun=begun, body="Too late?")
    assert "in the trash" in answer.text
    assert form_of(answer, ident="post_form")["body"] == ["Too late?"]
    assert post.versions.count() == 1


# -- nothing is lost ------------------------------------------------------------------------


def test_the_trash_pressed_twice_deletes_nothing_for_good(client, people):
    post = factories.draft(author=people["Author"])
    client.force_login(people["Author"])
    address = change(post).replace("/change/", "/delete/")
    first = form_of(client.get(address), action="")
    for _twice in range(2):
        assert client.post(address, {"post": "yes"}).status_code == 302
    assert Post.objects.get().trashed_at
    assert "for_good" not in first
    client.post(address, form_of(client.get(address), action=""))
    assert not Post.objects.exists()


def test_kept_text_meets_what_was_saved_since(client, people):
    post = factories.draft(author=people["Author"], body="First.")
    client.force_login(people["Author"])
    autosave = change(post).replace("/change/", "/autosave/")
    client.post(autosave, opened(client, post) | {"body": "Mine."})
    other = type(client)()
    other.force_login(people["Editor"])
    write(other, post, body="Theirs.")
    kept = form_of(client.get(change(post), {"kept": "1"}), ident="post_form")
    answer = write(client, post, begun=kept)
    assert "while you were writing" in answer.text
    assert post.newest_version().content["body"] == "Theirs."


def test_kept_text_survives_other_saves(client, people):
    client.force_login(people["Author"])
    client.post("/admin/posts/post/autosave/", {"title": "Precious", "body": "Words"})
    write(client, title="Another", body="Text")
    assert Autosave.objects.get().content["title"] == ["Precious"]
    post = Post.objects.get()
    client.post(change(post).replace("/change/", "/autosave/"), {"body": "Unseen"})
    write(client, post, body="Saved without a look")
    assert Autosave.objects.filter(post=post).exists()


def test_letting_go_of_what_was_kept_of_a_deleted_post_keeps_the_text_of_a_new_one(client, people):
    post = factories.draft(author=people["Author"])
    client.force_login(people["Author"])
    client.post(ADD.replace("/add/", "/autosave/"), {"body": "An hour of thoughts."})
    begun = opened(client, post)
    delete_posts([post])
    assert write(client, post, press="_forget", begun=begun).status_code == 403
    assert Autosave.objects.get().content["body"] == ["An hour of thoughts."]


def test_letting_go_of_the_kept_text_keeps_what_stands_in_the_form(client, people):
    post = factories.draft(author=people["Author"])
    client.force_login(people["Author"])
    client.post(change(post).replace("/change/", "/autosave/"), {"body": "Old"})
    answer = write(client, post, press="_forget", body="Just typed")
    assert form_of(answer, ident="post_form")["body"] == ["Just typed"]
    assert not Autosave.objects.exists()


@pytest.mark.parametrize("meanwhile", ["published", "taken away", "deleted"])
def test_words_come_back_when_the_right_to_save_them_is_gone(client, people, meanwhile):
    post = factories.draft(author=people["Editor"], co_authors=[people["Contributor"]])
    client.force_login(people["Contributor"])
    begun = opened(client, post)
    if meanwhile == "published":
        publish(post, content=content_of(post), by=people["Editor"])
    elif meanwhile == "taken away":
        post.authorship_set.all().delete()
    else:
        delete_posts([post])
    words = "An hour of thoughts. " * 5
    answer = write(client, post, begun=begun, body=words)
    assert answer.status_code == 403
    assert words in answer.text


def test_an_author_is_not_named_twice(client, people):
    tomasz = people["Stranger"]
    post = factories.post(author=people["Author"], co_authors=[tomasz])
    client.force_login(people["Editor"])
    write(client, post, author=tomasz.pk)
    post = Post.objects.get(pk=post.pk)
    assert (post.byline, post.authorship_set.count()) == ([tomasz], 0)
    Authorship.objects.create(post=post, user=tomasz, position=1)  # as it was stored before
    assert Post.objects.get(pk=post.pk).byline == [tomasz]


def test_the_check_list_names_no_drafts_of_others(client, people):
    ines, jun = people["Author"], people["Contributor"]
    factories.draft("Secret plan", slug="plan", author=ines)
    soon = timezone.now() + timedelta(days=1)
    factories.post("Secret surprise", slug="soon", author=ines, published_at=soon)
    SlugHistory.objects.create(slug="once", post=factories.draft("Secret past", author=ines))
    post = factories.draft(author=jun, body="[a](/plan/) [b](/soon/)")
    for reader, names in ((jun, 0), (people["Editor"], 2)):
        client.force_login(reader)
        form = client.get(change(post))
        assert form.text.count("“Secret") == names
        begun = form_of(form, ident="post_form")
        for slug in ("plan", "once"):
            answer = write(client, post, begun=begun, slug=slug, published_at="odd")
            assert answer.text.count("“Secret") == names + bool(names)
            assert ("/plan/ leads nowhere" in answer.text) == (reader == jun)


def test_who_left_keeps_the_byline(client, people):
    gone, left = people["Stranger"], people["Author"]
    post = factories.post(author=left, co_authors=[gone])
    for person in (gone, left):
        person.is_staff = False
        person.save()
    client.force_login(people["Editor"])
    assert write(client, post, press="_publish", body="New.").status_code == 302
    post.refresh_from_db()
    assert post.author == left
    assert [a.user for a in post.authorship_set.all()] == [gone]


def test_an_author_changed_by_somebody_else_is_not_set_back(client, people):
    post = factories.draft(author=people["Author"])
    client.force_login(people["Editor"])
    begun = opened(client, post)
    Post.objects.filter(pk=post.pk).update(author=people["Stranger"])
    write(client, post, begun=begun, body="New.")
    post.refresh_from_db()
    assert post.author == people["Stranger"]


def test_indented_text_is_saved_as_it_is(client, people):
    body = "    code at the start\n\nand text\n"
    post = factories.draft(author=people["Author"], body=body)
    client.force_login(people["Author"])
    write(client, post)
    assert post.versions.count() == 1
    assert post.newest_version().content["body"] == body


def test_an_end_set_meanwhile_before_the_new_beginning_is_told(client, people):
    post = factories.post(author=people["Author"])
    client.force_login(people["Author"])
    begun = opened(client, post)
    ends = timezone.now() + timedelta(days=1)
    Post.objects.filter(pk=post.pk).update(expires_at=ends)
    later = f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    answer = write(client, post, press="_draft", begun=begun, body="Mine.", published_at=later)
    assert "taken down after it goes out" in answer.text
    assert form_of(answer, ident="post_form")["body"] == ["Mine."]


def test_the_hour_that_comes_twice_and_years_nobody_lives_in(client, people):
    SiteSettings.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})
    out = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    post = factories.post(author=people["Author"], published_at=out)
    client.force_login(people["Author"])
    assert write(client, post, press="_publish", body="New.").status_code == 302
    post.refresh_from_db()
    assert post.published_at == out
    begun = opened(client, post)
    for odd in ("0001-01-01T00:00", "9999-12-31T23:59", "2026-03-29T02:30"):
        assert write(client, post, begun=begun, published_at=odd).status_code == 200


def test_a_step_that_comes_too_late_saves_nothing_either(client, people):
    post = factories.draft(author=people["Contributor"], state="review")
    client.force_login(people["Editor"])
    begun = opened(client, post)
    Post.objects.filter(pk=post.pk).update(state="draft")
    answer = write(client, post, press="_return", begun=begun, body="Changed.")
    assert "quicker" in answer.text
    assert post.versions.count() == 1


def test_what_readers_may_no_longer_see_is_taken_from_memory(
    client, people, django_capture_on_commit_callbacks
):
    post = factories.post(author=people["Editor"])
    client.force_login(people["Editor"])
    with django_capture_on_commit_callbacks(execute=True):
        write(client, post, visibility="members")
    assert PageStamp.objects.get(key=f"post:{post.pk}").removed_at
    PageStamp.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        write(client, post, body="Only a draft.")
    assert not PageStamp.objects.exists()


def test_odd_numbers_are_no_error(client, people):
    post = factories.draft(author=people["Author"])
    client.force_login(people["Author"])
    begun = opened(client, post)
    restoring = change(post).replace("/change/", "/versions/1/restore/")
    keeping = change(post).replace("/change/", "/autosave/")
    for odd in ("²", "9" * 18, "9" * 30, "9" * 5000, "x"):
        assert write(client, post, begun=begun, co_writers=[odd]).status_code == 200
        for typed in ({"merge_with": odd, "_take": "mine"}, {"merge_with": odd, "_edit": "1"}):
            assert client.post(change(post), begun | typed).status_code == 200
        assert client.post(restoring, {"newest": odd}).status_code == 302
        assert client.post(keeping, {"base_number": odd}).status_code == 200
        assert Autosave.objects.get().base_number is None
        for page in ("history", "change"):
            address = change(post).replace(f"/{post.pk}/change/", f"/{odd[:40]}/{page}/")
            assert client.get(address).status_code in (302, 404)
        Autosave.objects.all().delete()


def test_a_contributor_reads_on_what_was_published(client, people):
    post = factories.post(author=people["Contributor"], body="Approved words.")
    client.force_login(people["Contributor"])
    answer = client.get(change(post), follow=True)
    assert "Approved words." in answer.text
    assert "stays as it was approved" in answer.text


# -- drafts over a live page -----------------------------------------------------------------


def test_a_draft_of_every_versioned_field_changes_nothing_readers_see(client, people):
    post = factories.post("Out", author=people["Editor"], tags=[factories.tag("Tides")])
    addresses = [post.get_absolute_url(), "/", "/feed.xml", "/atom.xml", "/feed.json"]
    addresses += ["/search/?q=not+yet", "/search/?q=out", "/tags/", "/tags/tides/", "/sitemap.xml"]

    def public() -> list[bytes]:
        return [type(client)().get(address).content for address in addresses]

    before = public()
    row = Post.objects.filter(pk=post.pk).values().get()
    client.force_login(people["Editor"])
    changed = {
        "title": "Not yet",
        "slug": "not-yet",
        "dek": "Not yet",
        "body": "Not *yet*",
        "language": "de",
        "math": "on",
        "smart_quotes": [],
        "cover": factories.image(people["Editor"]).pk,
        "cover_caption": "Not yet",
        "series": factories.series().pk,
        "series_position": "3",
        "seo_title": "Not yet",
        "seo_description": "Not yet",
        "canonical_url": "https://example.org/not-yet",
        "social_image": factories.image(people["Editor"]).pk,
        "tags": [factories.tag("Later").pk],
        "co_writers": [people["Author"].pk],
    }
    assert write(client, post, **changed).status_code == 302
    after = Post.objects.filter(pk=post.pk).values().get()
    moved = {name for name in row if row[name] != after[name]}
    assert moved <= {"touched_at", "problems"}
    assert [tag.name for tag in post.tags.all()] == ["Tides"]
    assert not post.authorship_set.exists()
    assert public() == before
    shown = opened(client, post)
    for name, value in changed.items():
        wanted = [str(one) for one in (value if isinstance(value, list) else [value])]
        assert shown.get(name, []) == wanted, name

    write(client, post, press="_publish")
    post.refresh_from_db()
    assert (post.title, post.slug, post.language, post.math) == ("Not yet", "not-yet", "de", True)
    assert [tag.name for tag in post.tags.all()] == ["Later"]
    assert [a.user for a in post.authorship_set.all()] == [people["Author"]]
    page = type(client)().get("/not-yet/").text
    assert "Not <em>yet</em>" in page
    assert public() != before


def test_every_versioned_field_is_in_the_test_above():
    """A field added later must be drafted too: the form names each, once."""
    import inspect

    from posts.admin.typed import FIELDS

    source = inspect.getsource(test_a_draft_of_every_versioned_field_changes_nothing_readers_see)
    assert [name for name in FIELDS if f'"{name}":' not in source] == []


def test_live_settings_work_at_once_and_only_those_that_were_changed(client, people):
    post = factories.post(author=people["Editor"])
    client.force_login(people["Editor"])
    begun = opened(client, post)
    write(client, post, comments_mode="closed")
    write(client, post, begun=begun, visibility="unlisted", base_number="1")
    post.refresh_from_db()
    assert (post.visibility, post.comments_mode) == ("unlisted", "closed")


def test_a_scheduled_post_goes_out_by_itself_with_what_was_approved(client, people, time_machine):
    client.force_login(people["Author"])
    later = timezone.localtime() + timedelta(hours=2)
    typed = {"title": "Later", "body": "Approved.", "published_at": f"{later:%Y-%m-%dT%H:%M}"}
    write(client, press="_publish", **typed)
    post = Post.objects.get()
    assert client.get(change(post)).text.count("Scheduled")
    write(client, post, body="Second thoughts.")
    reader = type(client)()
    assert reader.get(post.get_absolute_url()).status_code == 404
    time_machine.move_to(later + timedelta(minutes=1))
    assert "Approved." in reader.get(post.get_absolute_url()).text


def test_the_autosave_keeps_what_is_typed_without_a_version(client, people):
    post = factories.draft(author=people["Author"], body="Saved.")
    client.force_login(people["Author"])
    address = change(post).replace("/change/", "/autosave/")
    for body in ("Typed", "Typed more."):
        answer = client.post(address, opened(client, post) | {"body": body})
        assert answer.status_code == 200
        assert answer.json()["newest"] == 1
    assert Autosave.objects.count() == 1
    assert post.versions.count() == 1
    page = client.get(change(post))
    assert "A newer text was kept" in page.text
    assert form_of(page, ident="post_form")["body"] == ["Saved."]
    kept = client.get(change(post), {"kept": "1"})
    assert form_of(kept, ident="post_form")["body"] == ["Typed more."]
    write(client, post, begun=form_of(kept, ident="post_form"))
    assert post.versions.first().content["body"] == "Typed more."
    assert not Autosave.objects.exists()


def test_a_nul_is_kept_without(client, people):
    client.force_login(people["Author"])
    client.post("/admin/posts/post/autosave/", {"body": "a\0b"})
    assert Autosave.objects.get().content["body"] == ["ab"]


def test_the_kept_text_can_be_let_go(client, people):
    post = factories.draft(author=people["Author"], body="Saved.")
    client.force_login(people["Author"])
    client.post(change(post).replace("/change/", "/autosave/"), {"body": "Typed"})
    write(client, post, press="_forget")
    assert not Autosave.objects.exists()
    assert post.versions.count() == 1


def test_the_autosave_of_a_post_not_yet_saved(client, people):
    client.force_login(people["Author"])
    client.post("/admin/posts/post/autosave/", {"title": "New", "body": "First words"})
    kept = client.get(ADD, {"kept": "1"})
    assert form_of(kept, ident="post_form")["body"] == ["First words"]
    write(client, begun=form_of(kept, ident="post_form"))
    assert not Autosave.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("Reader", 401), ("Moderator", 403)])
def test_the_autosave_never_leads_to_a_sign_in_page(client, people, role, status):
    if role:
        client.force_login(people[role])
    answer = client.post("/admin/posts/post/autosave/", {"body": "x"})
    assert answer.status_code == status
    assert "error" in answer.json()


def test_saving_costs_the_same_for_a_short_text_and_a_long_history(
    client, people, django_assert_max_num_queries
):
    tags = [factories.tag("Tides"), factories.tag("Tools")]
    post = factories.post(author=people["Editor"], tags=tags, co_authors=[people["Author"]])
    client.force_login(people["Editor"])
    chosen = {"tags": [tag.pk for tag in tags], "co_writers": [people["Author"].pk]}

    def save(body: str):
        begun = opened(client, post)
        with django_assert_max_num_queries(30) as counted:
            answer = write(client, post, press="_publish", begun=begun, body=body, **chosen)
        assert answer.status_code == 302
        return len(counted)

    short = save("Short.")
    for n in range(3):
        save(f"Again {n}.")
    for _n in range(9):
        factories.post(author=people["Author"])
    assert save("word " * 5_000) == short


@pytest.mark.django_db(transaction=True)
def test_saving_a_post_that_has_everything_stays_within_the_budget(client, people):
    editor = people["Editor"]
    client.force_login(editor)
    cover, social = factories.image(editor), factories.image(editor)
    tags, series = [factories.tag(), factories.tag()], factories.series()
    factories.post("Near", author=editor)
    factories.post("Far", author=editor, body="[That one](/rich/)")
    text = f"[near](/near/) [outside](https://example.org/) ![A pier]({cover.url})"

    def save(post: Post | None = None, press: str = "_publish", **typed: object) -> None:
        begun = opened(client, post) if post else opened(client)
        typed = {"body": begun["body"][0] + " And more.", **typed}
        with CaptureQueriesContext(connection) as asked:
            assert write(client, post, press=press, begun=begun, **typed).status_code == 302
        sent = [query["sql"].split()[0] for query in asked]
        assert len([word for word in sent if word not in ("BEGIN", "COMMIT")]) <= 30

    everything = {
        "tags": [tag.pk for tag in tags],
        "co_writers": [people["Author"].pk],
        "series": series.pk,
        "cover": cover.pk,
        "social_image": social.pk,
    }
    save(title="Rich", body=text, **everything)
    rich = Post.objects.get(slug="rich")
    assert [row.name for row in rich.byline] == ["amara", "ines"]
    assert (rich.cover, rich.social_image, rich.series) == (cover, social, series)
    save(rich, title="Richer")
    # A new address takes the old one, redirects and the links of others along.
    save(rich, slug="richest")
    save(rich, co_writers=[people["Stranger"].pk, people["Author"].pk])
    save(rich, cover=social.pk, social_image=cover.pk)
    save(rich, series="", tags=[factories.tag().pk])
    # However many topics there are to make. Theirs is a transaction of its own.
    for names in ("Ebb", "Flow, Moon, Neap, Slack, Spring"):
        save(rich, new_tags=names)
    assert Tag.objects.count() == 9
    client.force_login(people["Contributor"])
    save(press="_review", title="Handed in", body=text, tags=everything["tags"])
    save(factories.draft(author=people["Contributor"], body=text, tags=tags), press="_review")


def test_topics_typed_twice_or_named_alike_are_made_once(client, people):
    factories.tag("Ebb")
    former = FormerTag.objects.create(slug="slack", tag=factories.tag("Moon"))
    client.force_login(people["Editor"])
    write(client, title="Tides", new_tags="ebb, Flow, flow!, FLOW, slack")
    names = set(Post.objects.get().tags.values_list("name", "slug"))
    made = {("FLOW", "flow"), ("flow!", "flow-2")}
    assert names == {("Ebb", "ebb"), ("slack", "slack")} | made
    assert not FormerTag.objects.filter(pk=former.pk).exists()


# -- nothing goes out, and nothing is set back, by accident -------------------------------------


@pytest.mark.parametrize("typed", ["", "1980-01-02T10:00"])
def test_saving_a_draft_lets_nothing_out(client, people, typed):
    later = timezone.now() + timedelta(days=30)
    post = factories.post(author=people["Author"], published_at=later)
    client.force_login(people["Author"])
    answer = write(client, post, published_at=typed, body="Not checked.")
    assert "Readers would have it at once" in answer.text
    sent = form_of(answer, ident="post_form")
    assert (sent["body"], sent["published_at"]) == (["Not checked."], [typed])
    assert not Post.objects.get(pk=post.pk).is_live()
    # What leaves the readers may be given any time.
    write(client, post, press="_takedown", begun=sent)
    post = Post.objects.get(pk=post.pk)
    assert (post.state, post.newest_version().content["body"]) == ("draft", "Not checked.")


def test_a_time_cleared_on_a_post_that_is_out_stays(client, people):
    post = factories.post(author=people["Author"])
    client.force_login(people["Author"])
    write(client, post, published_at="", body="Newer.")
    row = Post.objects.get(pk=post.pk)
    assert (row.published_at, row.body) == (post.published_at, post.body)
    # What time has taken down is brought back by a button that looks, not by a draft.
    Post.objects.filter(pk=post.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "Readers would have it at once" in write(client, post, expires_at="").text
    assert not Post.objects.get(pk=post.pk).is_live()


@pytest.mark.parametrize("step", [steps.take_down, steps.archive])
def test_what_a_colleague_took_down_is_not_put_out_by_an_old_page(client, people, step):
    post = factories.post(author=people["Author"], body="Wrong figures.")
    client.force_login(people["Author"])
    begun = opened(client, post)
    step(post, by=people["Editor"])
    answer = write(client, post, press="_publish", begun=begun, body="Mine.")
    assert "quicker" in answer.text
    row = Post.objects.get(pk=post.pk)
    assert (row.is_live(), row.newest_version().number) == (False, 1)
    again = form_of(answer, ident="post_form")
    assert again["body"] == ["Mine."]
    assert write(client, post, press="_publish", begun=again).status_code == 302
    assert Post.objects.get(pk=post.pk).is_live()


def test_two_who_change_the_same_setting_hear_of_each_other(client, people):
    post = factories.post(author=people["Author"])
    client.force_login(people["Editor"])
    begun = opened(client, post)
    ends = timezone.localtime() + timedelta(days=2)
    meanwhile = {"visibility": "members", "expires_at": ends, "author": people["Stranger"]}
    Post.objects.filter(pk=post.pk).update(**meanwhile)
    sooner = f"{ends - timedelta(days=1):%Y-%m-%dT%H:%M}"
    typed = {"visibility": "unlisted", "expires_at": sooner, "author": people["Editor"].pk}
    answer = write(client, post, begun=begun, comments_mode="closed", **typed)
    for told in ("who can read it: Members", f"{ends:%H:%M}", "author: tomasz"):
        assert told in answer.text
    row = Post.objects.get(pk=post.pk)
    assert (row.visibility, row.comments_mode) == ("members", "open")
    again = form_of(answer, ident="post_form")
    assert write(client, post, begun=again).status_code == 302
    row = Post.objects.get(pk=post.pk)
    assert (row.visibility, row.comments_mode) == ("unlisted", "closed")
    assert (row.author, f"{timezone.localtime(row.expires_at):%Y-%m-%dT%H:%M}") == (
        people["Editor"],
        sooner,
    )


def test_an_address_follows_the_title_until_it_is_out_or_typed(client, people):
    client.force_login(people["Author"])
    write(client, body="No title yet.")
    post = Post.objects.get()
    factories.draft("A Title", author=people["Author"])
    for title, slug in (("A Title", "a-title-2"), ("Better", "better"), ("", "untitled")):
        write(client, post, title=title)
        assert Post.objects.get(pk=post.pk).slug == slug
    write(client, post, title="Best", slug="mine")
    write(client, post, title="Better still", press="_publish")
    assert Post.objects.get(pk=post.pk).slug == "mine"
    other = factories.draft("Other", author=people["Author"])
    write(client, other, title="Another", press="_publish")
    write(client, other, title="Yet another", press="_publish")
    assert Post.objects.get(pk=other.pk).slug == "another"


@pytest.mark.parametrize("make", [factories.draft, factories.post])
def test_an_address_of_another_post_is_refused_in_words(client, people, make):
    factories.draft("Taken", author=people["Author"])
    post = make("Mine", author=people["Author"])
    client.force_login(people["Author"])
    answer = write(client, post, slug="taken", body="Kept.")
    assert "belongs to another post" in answer.text
    assert form_of(answer, ident="post_form")["body"] == ["Kept."]
    assert post.versions.count() == 1
