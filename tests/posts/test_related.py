"""Related posts: found after writing, shown only while anybody may see them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from posts.models import Post
from posts.related import most_like, relate
from posts.services.saving import save_post
from posts.services.steps import trash
from posts.tasks import relate_due
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def titles(client, post: Post) -> list[str]:
    return [other.title for other in client.get(post.get_absolute_url()).context["related"]]


@pytest.fixture
def shelf():
    """Sea stands on many posts, Rope on two; older posts have lower numbers."""
    sea, rope = factories.tag("Sea"), factories.tag("Rope")
    rows = {}
    for number, tags in enumerate([[sea], [sea, rope], [], [sea], [sea], [rope, sea], []]):
        when = timezone.now() - (20 - number) * HOUR
        rows[number] = factories.post(f"Post {number}", tags=tags, published_at=when)
    relate_due.call()
    return rows


def test_shared_topics_count_rare_ones_more_and_then_the_newer_comes_first(shelf):
    assert most_like(shelf[5].pk) == [shelf[n].pk for n in (1, 4, 3, 0)]
    assert most_like(shelf[2].pk) == []


def test_neighbours_are_not_named_twice(client, shelf):
    assert titles(client, shelf[5]) == ["Post 1", "Post 3", "Post 0"]


def test_what_is_put_away_is_related_to_nothing_at_once(client, shelf):
    trash(shelf[1], by=None)
    assert titles(client, shelf[5]) == ["Post 3", "Post 0"]


def test_a_new_post_is_found_by_the_chore_and_found_by_its_kin(client, shelf):
    new = factories.post("New", tags=shelf[1].tags.all(), published_at=timezone.now() - HOUR)
    assert titles(client, new) == []
    assert relate_due.call() > 0
    assert titles(client, new)[:2] == ["Post 5", "Post 1"]
    assert "New" in titles(client, shelf[1])
    assert relate_due.call() == 0


def test_only_pages_whose_list_changed_are_made_anew(shelf):
    shelf[5].body += " A typo less."
    save_post(shelf[5], by=None)
    assert Post.objects.get(pk=shelf[5].pk).relations_due
    touched = len(connection.run_on_commit)
    assert relate_due.call() == 0
    assert len(connection.run_on_commit) == touched
    save_post(shelf[5], by=None, tags=[])
    touched = len(connection.run_on_commit)
    assert relate_due.call() == 1
    assert len(connection.run_on_commit) == touched + 1


def test_what_is_written_while_its_kin_is_looked_for_is_looked_at_again(shelf, monkeypatch):
    def slowly(pk: int) -> list[int]:
        found = most_like(pk)
        if pk == shelf[5].pk:
            save_post(Post.objects.get(pk=pk), by=None, tags=[])
        return found

    save_post(shelf[5], by=None)
    monkeypatch.setattr("posts.related.most_like", slowly)
    relate_due.call()
    monkeypatch.undo()
    assert Post.objects.get(pk=shelf[5].pk).relations_due
    relate_due.call()
    assert Post.objects.get(pk=shelf[5].pk).related == []


def test_looking_costs_the_same_for_many_posts(shelf, django_assert_max_num_queries):
    sea = shelf[0].tags.all()
    for number in range(20):
        factories.post(f"More {number}", tags=sea)
    with django_assert_max_num_queries(60):
        relate([shelf[5].pk])
