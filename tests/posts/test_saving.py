from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from blogsite.lib.markdown import RENDER_VERSION
from posts.models import Post, SlugHistory, Version
from posts.services.saving import delete_posts, save_post
from tests import factories

pytestmark = pytest.mark.django_db


def test_saving_derives_html_words_and_excerpt():
    post = factories.post(body="The *tide* comes in.")
    post.refresh_from_db()
    assert "<em>tide</em>" in post.body_html
    assert post.word_count == 4
    assert post.excerpt == "The tide comes in."
    assert post.render_version == RENDER_VERSION


def test_a_plain_save_keeps_the_derived_columns_in_step():
    post = factories.post(body="Old words.")
    post = Post.objects.get(pk=post.pk)
    post.body = "New *words* here."
    post.save(update_fields=["body"])
    post.refresh_from_db()
    assert "New <em>words</em> here." in post.body_html
    assert post.word_count == 3


def test_saving_moves_touched_at_but_not_edited_at_for_a_draft():
    post = factories.draft()
    first = post.touched_at
    post.body = "More."
    save_post(post, by=post.author)
    assert post.touched_at > first
    assert post.edited_at is None


def test_an_edit_of_a_live_text_is_shown_as_updated():
    post = factories.post()
    assert post.edited_at is None
    post.body = "Corrected."
    save_post(post, by=post.author)
    assert post.edited_at is not None


def test_publishing_without_a_time_is_now():
    post = factories.draft()
    post.state = "published"
    save_post(post, by=post.author)
    assert timezone.now() - post.published_at < timedelta(seconds=5)
    assert post.first_published_at == post.published_at


def test_every_save_with_a_change_is_a_version():
    post = factories.draft(body="One.")
    post.body = "Two."
    save_post(post, by=post.author, note="better")
    save_post(post, by=post.author)
    kept = list(post.versions.values_list("number", "content__body", "note"))
    assert kept == [(2, "Two.", "better"), (1, "One.", "")]


def test_a_slug_follows_the_title_and_stays_unique():
    first, second = factories.post("Über die Brücke"), factories.post("Über die Brücke")
    assert first.slug == "uber-die-brucke"
    assert second.slug == "uber-die-brucke-2"


def test_a_title_that_the_site_answers_itself_gets_another_address():
    assert factories.post("Admin").slug == "admin-post"


def test_a_post_without_a_title_has_an_address():
    assert factories.draft("").slug == "untitled"


def test_a_changed_address_is_remembered_once_published():
    post = factories.post("First")
    post.slug = "second"
    save_post(post, by=post.author)
    assert SlugHistory.objects.get(slug="first").post == post


def test_a_changed_address_of_a_draft_is_forgotten():
    post = factories.draft("First")
    post.slug = "second"
    save_post(post, by=post.author)
    assert not SlugHistory.objects.exists()


def test_an_address_taken_again_is_no_longer_a_redirect():
    post = factories.post("First")
    post.slug = "second"
    save_post(post, by=post.author)
    other = factories.post("Other", slug="first")
    assert not SlugHistory.objects.exists()
    assert other.slug == "first"


def test_a_failing_save_leaves_nothing_behind():
    post = factories.post(published_at=timezone.now())
    post.body = "Half."
    post.comments_mode = "odd"
    with pytest.raises(IntegrityError), transaction.atomic():
        save_post(post, by=post.author)
    assert Post.objects.get().body == "Some *text* about the tide."
    assert Version.objects.count() == 1


def test_deleting_takes_the_versions_along():
    post = factories.post()
    delete_posts([post])
    assert not Post.objects.exists()
    assert not Version.objects.exists()


def test_saving_costs_the_same_for_long_texts_and_many_versions(django_assert_max_num_queries):
    post = factories.post(body="word " * 5000, tags=[factories.tag(), factories.tag()])
    for n in range(5):
        post.body += f" {n}"
        save_post(post, by=post.author)
    with django_assert_max_num_queries(25):
        post.body += " end"
        save_post(post, by=post.author, tags=list(post.tags.all()), co_authors=[])
