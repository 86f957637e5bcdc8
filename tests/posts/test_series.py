"""Series: which number a part gets, and all parts put into order on one page."""

import pytest
from django.urls import reverse

from posts.content import content_of
from posts.models import Post, Series
from posts.services.saving import save_draft
from posts.services.series import arrange
from posts.services.steps import trash
from tests import factories
from tests.writing import form_of, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, people):
    client.force_login(people["Editor"])
    return client


def page_of(series):
    return reverse("admin:posts_series_change", args=[series.pk])


def made(series, *positions, **more):
    return [
        factories.post(f"Part {n}", series=series, series_position=position, **more)
        for n, position in enumerate(positions, 1)
    ]


def order(series):
    rows = Post.objects.filter(series=series).order_by("series_position")
    return [(row.title, row.series_position) for row in rows]


def save(client, series, numbers):
    sent = form_of(client.get(page_of(series)), ident="series_form")
    return client.post(
        page_of(series), sent | {f"part-{post.pk}": n for post, n in numbers.items()}
    )


@pytest.mark.parametrize(
    ("moved", "to", "expected"),
    [
        (1, "3", [2, 3, 1]),
        (3, "1", [3, 1, 2]),
        (2, "9", [1, 3, 2]),
        (1, "", [2, 3, 1]),
        (1, "first", [2, 3, 1]),
        (2, "0", [2, 1, 3]),
        (1, "-1", [2, 3, 1]),
        (2, "2", [1, 2, 3]),
    ],
)
def test_a_part_moves_to_the_number_written_beside_it(editor, moved, to, expected):
    series = factories.series()
    parts = made(series, 1, 2, 3)
    assert save(editor, series, {parts[moved - 1]: to}).status_code == 302
    assert order(series) == [(f"Part {part}", n) for n, part in enumerate(expected, 1)]


def test_gaps_and_ties_are_resolved_by_what_was_there(editor):
    series = factories.series()
    made(series, 7, 2, 2, None)
    save(editor, series, {})
    assert order(series) == [("Part 2", 1), ("Part 3", 2), ("Part 1", 3), ("Part 4", 4)]
    versions = [post.versions.count() for post in Post.objects.order_by("pk")]
    save(editor, series, {})
    assert [post.versions.count() for post in Post.objects.order_by("pk")] == versions


def test_the_live_text_and_a_draft_over_it_both_follow(editor, client):
    series = factories.series()
    first, second = made(series, 1, 2)
    save_draft(second, content=content_of(second) | {"title": "Better"}, by=None)
    save(editor, series, {second: "1"})
    second.refresh_from_db()
    newest = second.newest_version().content
    assert (second.title, second.series_position, second.is_ahead) == ("Part 2", 1, True)
    assert (newest["title"], newest["series_position"]) == ("Better", 1)
    first.refresh_from_db()
    assert (first.series_position, first.is_ahead) == (2, False)


def test_a_draft_that_left_the_series_stays_out_of_it(editor):
    series = factories.series()
    _first, second = made(series, 1, 2)
    left = content_of(second) | {"series_id": None, "series_position": None}
    save_draft(second, content=left, by=None)
    save(editor, series, {second: "1"})
    second.refresh_from_db()
    newest = second.newest_version().content
    assert (second.series_position, newest["series_position"]) == (1, None)


def test_parts_are_shown_with_their_state_and_the_trash_is_not(editor):
    series = factories.series()
    factories.draft("A draft", series=series)
    factories.post("Hidden", series=series, series_position=1, visibility="unlisted")
    trash(factories.post("Thrown away", series=series, series_position=2), by=None)
    page = editor.get(page_of(series)).text
    assert "Thrown away" not in page
    assert page.index("Hidden") < page.index("A draft")
    assert "is-draft" in page
    assert "Only with the link" in page


def test_the_page_costs_the_same_for_many_parts(editor, django_assert_max_num_queries):
    series = factories.series()
    made(series, *range(1, 31))
    with django_assert_max_num_queries(12):
        assert editor.get(page_of(series)).text.count('name="part-') == 30


def test_parts_of_others_keep_their_number(people):
    series = factories.series()
    own = made(series, 3, 5, author=people["Author"])
    factories.post("Theirs", series=series, series_position=1, author=people["Stranger"])
    problems = arrange(series.pk, {}, may_edit=[post.pk for post in own], by=people["Author"])
    assert problems == []
    assert order(series) == [("Theirs", 1), ("Part 1", 2), ("Part 2", 3)]


@pytest.mark.parametrize("role", ["Contributor", "Author", "Moderator", "Reader"])
def test_who_may_not_change_series_numbers_nothing(client, people, role):
    series = factories.series()
    first, _second = made(series, 1, 2, author=people[role])
    factories.draft("Secret plan", series=series, series_position=3, author=people["Editor"])
    client.force_login(people[role])
    answer = client.get(page_of(series))
    assert 'name="part-' not in answer.text
    assert "Secret plan" not in answer.text
    assert ("Part 1" in answer.text) == ("One more is a draft of somebody else" in answer.text)
    answer = client.post(page_of(series), {"name": "Mine", f"part-{first.pk}": "2"})
    assert answer.status_code in (302, 403)
    assert order(series) == [("Part 1", 1), ("Part 2", 2), ("Secret plan", 3)]
    assert Series.objects.get().name != "Mine"


def test_what_was_typed_beside_the_parts_comes_back_with_an_error(editor):
    series = factories.series()
    first, _second = made(series, 1, 2)
    sent = {"name": "", "slug": series.slug, f"part-{first.pk}": "2"}
    page = editor.post(page_of(series), sent)
    assert page.status_code == 200
    assert form_of(page, ident="series_form")[f"part-{first.pk}"] == ["2"]
    assert order(series)[0] == ("Part 1", 1)


def test_a_part_left_empty_gets_the_next_number(client, people):
    series = factories.series()
    made(series, 1, 4)
    client.force_login(people["Author"])
    write(client, press="_publish", title="New", body="Text", series=series.pk)
    post = Post.objects.get(title="New")
    assert post.series_position == 5
    write(client, post, series_position="")
    assert post.newest_version().content["series_position"] == 5
    write(client, post, series="", series_position="3")
    assert post.newest_version().content["series_position"] is None


def test_no_part_gets_a_number_that_no_column_holds(client, people):
    series = factories.series()
    [last] = made(series, 32767, author=people["Author"])
    client.force_login(people["Author"])
    answer = write(client, press="_publish", title="New", series=series.pk, series_position="32768")
    assert "less than or equal to 9999" in answer.text
    write(client, title="New", body="Text", series=series.pk)
    assert Post.objects.exclude(pk=last.pk).get().series_position == 9999


def test_deleting_a_series_keeps_its_posts(editor):
    series = factories.series()
    post = made(series, 1)[0]
    editor.post(page_of(series).replace("/change/", "/delete/"), {"post": "yes"})
    assert not Series.objects.exists()
    post.refresh_from_db()
    assert (post.series, post.is_live()) == (None, True)
    assert editor.get(reverse("admin:posts_post_change", args=[post.pk])).status_code == 200
