"""The picture a post is shared with: drawn once, anew when something on it changed, then gone."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from accounts.services import save_person
from blogsite.media import cards
from blogsite.media.leaving import remove_folders
from blogsite.media.programs import Impossible
from blogsite.media.services import store_image
from blogsite.site.models import SiteSettings
from posts.models import Post
from posts.services import steps
from posts.services.saving import delete_posts
from posts.social import card_of, draw_due
from tests import factories
from tests.media import pictures

DAY = timedelta(days=1)


def card(post: Post) -> str:
    return Post.objects.values_list("card", flat=True).get(pk=post.pk)


def test_a_post_gets_its_card_after_it_came_out(db):
    out, later = factories.post("Out"), timezone.now() + timedelta(hours=1)
    waiting = [factories.draft(), factories.post("Later", published_at=later)]
    assert card(out) == ""
    assert draw_due() == 1
    assert card(out).endswith("/card.png")
    assert default_storage.exists(card(out))
    assert [card(post) for post in waiting] == ["", ""]
    assert draw_due() == 0


def test_it_is_drawn_anew_when_something_on_it_changes(people, django_capture_on_commit_callbacks):
    post = factories.post("Tide", author=people["Author"])
    draw_due()
    seen = [card(post)]

    def changed() -> None:
        assert draw_due() == 1
        assert card(post) not in seen
        assert default_storage.exists(card(post))
        remove_folders()
        assert not default_storage.exists(seen[-1])
        seen.append(card(post))

    post.refresh_from_db()
    post.title = "Another tide"
    post.save()
    changed()
    site = SiteSettings.current()
    site.accent = "#005f73"
    site.save()
    changed()
    people["Author"].display_name = "Ines Ferreira"
    with django_capture_on_commit_callbacks(execute=True):
        save_person(people["Author"])
    changed()
    post.refresh_from_db()
    file = ContentFile(pictures.jpeg((1300, 900)), "a.jpg")
    post.cover = store_image(file, by=people["Author"], alt="A pier")
    post.save()
    changed()
    assert seen[-1].endswith(".jpg")


def test_what_is_not_on_it_moves_nothing(people, django_capture_on_commit_callbacks):
    post = factories.post("Tide", author=people["Author"])
    ended = factories.post("Ebb", author=people["Author"], expires_at=timezone.now() - DAY / 48)
    draw_due()
    Post.objects.update(card_due=False)
    site = SiteSettings.current()
    site.tagline, people["Author"].bio = "Another tagline", "About me."
    with django_capture_on_commit_callbacks(execute=True):
        site.save()
        save_person(people["Author"])
    assert not Post.objects.filter(card_due=True).exists()
    site.title = "Another title"
    site.save()
    assert list(Post.objects.filter(card_due=True)) == [post]
    Post.objects.filter(pk=ended.pk).delete()
    draw_due()
    before = card(post)
    post.refresh_from_db()
    post.body = "Other words."
    post.save()
    people["Author"].save(update_fields=["last_login"])
    assert draw_due() == 0
    assert card(post) == before
    assert not Post.objects.filter(card_due=True).exists()


def test_a_card_that_cannot_be_drawn_is_not_tried_for_ever(db, monkeypatch, caplog):
    post = factories.post()

    def refuse(card: cards.Card) -> bytes:
        raise Impossible("no memory")

    monkeypatch.setattr(cards, "_drawn", refuse)
    assert draw_due() == 0
    assert "card.impossible" in caplog.text
    assert not Post.objects.filter(pk=post.pk, card_due=True).exists()


def test_written_while_it_is_drawn_it_is_due_again(db, monkeypatch):
    post = factories.post("Before")
    drawn = cards._drawn

    def slowly(asked: cards.Card) -> bytes:
        row = Post.objects.get(pk=post.pk)
        row.title = "After"
        row.save()
        monkeypatch.setattr(cards, "_drawn", drawn)
        return drawn(asked)

    monkeypatch.setattr(cards, "_drawn", slowly)
    assert draw_due() == 0
    assert draw_due() == 1
    assert Post.objects.get(pk=post.pk).card


def test_it_goes_with_its_post(people):
    post = factories.post(author=people["Author"])
    draw_due()
    name = card(post)
    post.refresh_from_db()
    steps.trash(post, by=people["Author"])
    delete_posts(Post.objects.filter(pk=post.pk))
    remove_folders()
    assert not default_storage.exists(name)


def test_its_author_sees_the_card_before_anybody_else(client, people):
    post = factories.draft("A draft", author=people["Author"])
    address = reverse("admin:posts_post_card", args=[post.pk])
    client.force_login(people["Author"])
    assert address in client.get(reverse("admin:posts_post_change", args=[post.pk])).text
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == cards.drawn(card_of(post, SiteSettings.current()))[1]
    client.force_login(people["Editor"])
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["Stranger", "Contributor", "Moderator", "Reader", None])
def test_nobody_else_sees_the_card_of_a_draft(client, people, who):
    post = factories.draft("A draft", author=people["Author"])
    if who:
        client.force_login(people[who])
    answer = client.get(reverse("admin:posts_post_card", args=[post.pk]))
    assert answer.status_code in (302, 403, 404)
    assert not answer["Content-Type"].startswith("image/")
