"""The figures at the desk: what they say, and to whom."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from blogsite.site.models import SiteSettings
from blogsite.stats.charts import Chart
from posts.services import steps
from tests import factories
from tests.stats.conftest import seen

pytestmark = pytest.mark.django_db
SITE_PAGE = "/admin/statistics/"


def page_of(post) -> str:
    return f"/admin/statistics/{post.pk}/"


@pytest.fixture
def read_posts(people):
    """Posts of Ines and of Tomasz that were read today and last month; the front page too."""
    today = timezone.localdate()
    posts = {
        name: factories.post(f"By {name}", author=people[name]) for name in ("Author", "Stranger")
    }
    for times, post in enumerate(posts.values(), 3):
        seen(today, times, post=post)
        seen(today - timedelta(days=29), 10, post=post)
        seen(today - timedelta(days=30), 100, post=post)
        seen(today - timedelta(days=400), 1000, post=post)
        seen(today, 2, post=post, kind="referrer", name=f"{post.author.name}.example")
    seen(today, 50)
    seen(today, 40, kind="readers", name="Feedly")
    seen(today - timedelta(days=2), 7, kind="readers")
    seen(today - timedelta(days=9), 900, kind="readers", name="Long gone")
    return posts


def test_editors_see_everything(client, people, read_posts):
    for role in ("Editor", "Administrator"):
        client.force_login(people[role])
        answer = client.get(SITE_PAGE)
        assert answer.context["days"].total == 3 + 4 + 20 + 50
        assert answer.context["before"] == 200
        assert [(str(one["name"]), one["number"]) for one in answer.context["top"]] == [
            ("By Stranger", 14),
            ("By Author", 13),
        ]
        hosts = {one["name"]: one["number"] for one in answer.context["referrers"]}
        assert hosts == {"ines.example": 2, "tomasz.example": 2}
        assert "About 47 people" in answer.text
        assert "Own programs" in answer.text
        assert "Long gone" not in answer.text
        assert client.get("/admin/").context["views"]["days"].total == 77
        answer = client.get(page_of(read_posts["Stranger"]))
        assert answer.context["total"] == 1114
        assert [answer.context[span].total for span in ("days", "months")] == [14, 114]
        assert "tomasz.example" in answer.text


def test_authors_see_what_is_theirs(client, people, read_posts):
    shared = factories.post("Shared", author=people["Stranger"], co_authors=[people["Author"]])
    seen(timezone.localdate(), 5, post=shared)
    client.force_login(people["Author"])
    for address in (SITE_PAGE, "/admin/"):
        answer = client.get(address)
        found = answer.context.get("views") or answer.context
        assert found["days"].total == 3 + 10 + 5
        for secret in ("By Stranger", "tomasz.example", "Feedly"):
            assert secret not in answer.text
    assert client.get(page_of(read_posts["Author"])).context["total"] == 1113
    assert client.get(page_of(shared)).status_code == 200
    assert client.get(page_of(read_posts["Stranger"])).status_code == 404
    assert client.get("/admin/statistics/99999999999999999999/").status_code == 404


def test_nobody_else_sees_figures(client, people, read_posts):
    mine = page_of(read_posts["Author"])
    for role, status in (("Moderator", 403), ("Reader", 302), ("Contributor", 404)):
        client.force_login(people[role])
        assert client.get(mine).status_code == status
    assert client.get(SITE_PAGE).context["days"].total == 0
    client.force_login(people["Moderator"])
    assert client.get(SITE_PAGE).status_code == 403
    assert "views" not in client.get("/admin/").context
    client.logout()
    assert client.get(SITE_PAGE).status_code == client.get(mine).status_code == 302


def test_posts_that_are_hidden_show_to_their_people_only(client, people, read_posts):
    post = read_posts["Author"]
    steps.trash(post, by=people["Author"])
    hidden = factories.post("Hidden", author=people["Author"], visibility="members")
    seen(timezone.localdate(), 9, post=hidden)
    for role, shown in (("Author", True), ("Editor", True), ("Stranger", False)):
        client.force_login(people[role])
        text = client.get(SITE_PAGE).text + client.get("/admin/").text
        assert ("By Author" in text, "Hidden" in text) == (shown, shown)
        assert client.get(page_of(hidden)).status_code == (200 if shown else 404)


def test_a_chart_can_be_read_and_heard(client, people, read_posts):
    client.force_login(people["Editor"])
    text = client.get(page_of(read_posts["Author"])).text
    for svg in re.findall(r'<svg viewBox="0 0 \d+ 100".*?</svg>', text, re.DOTALL):
        ids = re.search(r'aria-labelledby="([^"]+)"', svg)[1].split()
        assert all(f'id="{one}"' in svg for one in ids)
        assert "style" not in svg
        assert all(int(number) >= 0 for number in re.findall(r'(?:x|y|height)="(\S+)"', svg))
    assert text.count("<tbody>") == 2
    today = timezone.localdate()
    assert f'<th scope="row">{today.day} {today:%b}</th><td class="num">3</td>' in text
    assert text.count('<th scope="row">') == 30 + 12


def test_scales_end_on_round_numbers():
    tops = {n: Chart([("a", 0), ("b", n)]).top for n in (0, 1, 3, 5, 9, 11, 45, 61, 100, 1234)}
    assert tops == {0: 2, 1: 2, 3: 4, 5: 6, 9: 10, 11: 20, 45: 60, 61: 100, 100: 100, 1234: 2000}
    small = Chart([("a", 1), ("b", 100_000)]).bars
    assert [(bar["y"], bar["height"]) for bar in small] == [(99, 1), (0, 100)]


def test_a_new_blog_says_so_in_words(client, people):
    post = factories.post(author=people["Author"])
    client.force_login(people["Editor"])
    assert "The first reader appears here" in client.get(SITE_PAGE).text
    assert "No feed reader has fetched" in client.get(SITE_PAGE).text
    assert "Nobody has read this post yet" in client.get(page_of(post)).text
    assert "The first reader appears here" in client.get("/admin/").text


def test_figures_are_linked_from_the_post_and_the_list(client, people, read_posts):
    client.force_login(people["Author"])
    mine = page_of(read_posts["Author"])
    assert f'href="{mine}"' in client.get("/admin/posts/post/").text
    assert (
        f'href="{mine}"' in client.get(f"/admin/posts/post/{read_posts['Author'].pk}/change/").text
    )
    assert 'href="/admin/statistics/"' in client.get("/admin/").text


def test_pages_cost_the_same_for_many(client, people, django_assert_max_num_queries):
    today, posts = (
        timezone.localdate(),
        [factories.post(author=people["Author"]) for _ in range(15)],
    )
    for post in posts:
        for day in range(0, 60, 7):
            seen(today - timedelta(days=day), 3, post=post)
            seen(today - timedelta(days=day), 3, post=post, kind="referrer", name="news.example")
    for role in ("Author", "Editor"):
        client.force_login(people[role])
        for address in (SITE_PAGE, page_of(posts[0])):
            with django_assert_max_num_queries(12):
                client.get(address)


def test_figures_speak_german(client, people, read_posts):
    site = SiteSettings.current()
    site.language = "de"
    site.save()
    client.force_login(people["Editor"])
    text = client.get(SITE_PAGE).text + client.get(page_of(read_posts["Author"])).text
    for english in ("Views", "Read most", "Feed readers", "The same as a table", "people follow"):
        assert english not in text
    assert "Aufrufe" in text
