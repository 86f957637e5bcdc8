"""What the public may see is defined once; here is what that definition means."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from posts.models import Post
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def shelf():
    """One post in each condition it can be in, by name."""
    now = timezone.now()
    ines = factories.user("ines", role="Author")
    rows = {
        "public": {},
        "unlisted": {"visibility": "unlisted"},
        "members": {"visibility": "members"},
        "draft": {"state": "draft"},
        "review": {"state": "review"},
        "archived": {"state": "archived"},
        "scheduled": {"published_at": now + HOUR},
        "expired": {"published_at": now - 2 * HOUR, "expires_at": now - HOUR},
        "trashed": {"trashed_at": now},
        "page": {"kind": "page"},
    }
    return {name: factories.post(name, author=ines, **fields) for name, fields in rows.items()}


def titles(posts) -> set[str]:
    return {post.title for post in posts}


def test_published_is_what_anybody_may_read_at_its_address(shelf):
    assert titles(Post.objects.published()) == {"public", "unlisted", "page"}


def test_listed_is_what_anybody_meets_in_lists(shelf):
    assert titles(Post.objects.listed()) == {"public"}


def test_visible_to_a_stranger_is_what_is_published(shelf):
    assert titles(Post.objects.visible_to(AnonymousUser())) == {"public", "unlisted", "page"}


def test_visible_to_a_member_adds_the_members_posts(shelf):
    seen = titles(Post.objects.visible_to(factories.user("reader")))
    assert seen == {"public", "unlisted", "page", "members"}


def test_visible_to_its_author_adds_all_but_the_trash(shelf):
    ines = shelf["draft"].author
    assert titles(Post.objects.visible_to(ines)) == set(shelf) - {"trashed"}


def test_visible_to_another_author_adds_nothing_of_ines(shelf):
    seen = titles(Post.objects.visible_to(factories.user("tomasz", role="Author")))
    assert seen == {"public", "unlisted", "page", "members"}


def test_visible_to_a_co_author_adds_that_post(shelf):
    tomasz = factories.user("tomasz", role="Author")
    factories.draft("together", author=shelf["draft"].author, co_authors=[tomasz])
    assert "together" in titles(Post.objects.visible_to(tomasz))


def test_visible_to_an_editor_is_everybodys_but_the_trash(shelf):
    editor = factories.user("amara", role="Editor")
    assert titles(Post.objects.visible_to(editor)) == set(shelf) - {"trashed"}


def test_a_scheduled_post_comes_out_and_goes_by_time_alone(shelf):
    later = timezone.now() + 2 * HOUR
    assert "scheduled" in titles(Post.objects.listed(later))
    assert "scheduled" not in titles(Post.objects.listed())


def test_is_live_says_of_a_row_what_live_says_of_many(shelf):
    live = titles(Post.objects.live())
    assert {name for name, post in shelf.items() if post.is_live()} == live


def test_next_change_is_the_first_time_that_moves_a_list(shelf):
    assert Post.objects.next_change() == shelf["scheduled"].published_at
    soon = timezone.now() + HOUR / 2
    factories.post("short", expires_at=soon)
    assert Post.objects.next_change() == soon


def test_next_change_of_a_list_that_stays_is_none():
    factories.post()
    assert Post.objects.next_change() is None
