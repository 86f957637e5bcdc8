"""The reader's pages: what is on them, for whom, and what they cost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blogsite.pagecache.models import PageStamp
from blogsite.site.models import SiteSettings
from posts.models import Post, Series, Tag
from posts.services.saving import save_post
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def titles(page) -> list[str]:
    return [post.title for post in page.context["page"].entries]


def many(number: int, **fields) -> None:
    now = timezone.now()
    ines = factories.user()
    for n in range(number):
        when = now - (n + 1) * HOUR
        factories.post(f"Post {n:03}", author=ines, published_at=when, **fields)


@pytest.fixture
def short_pages(db):
    SiteSettings.objects.update(posts_per_page=3)


def test_pages_lead_back_and_forth_and_show_each_post_once(client, short_pages):
    many(8)
    seen, address = [], "/"
    addresses = []
    while address:
        page = client.get(address)
        addresses.append(address)
        seen.append(titles(page))
        older = page.context["page"].older_url
        address = f"/{older}" if older else None
    assert seen == [
        ["Post 000", "Post 001", "Post 002"],
        ["Post 003", "Post 004", "Post 005"],
        ["Post 006", "Post 007"],
    ]
    assert client.get(addresses[2]).context["page"].newer_url == addresses[1].removeprefix("/")
    assert client.get(addresses[1]).context["page"].newer_url == "/"


def test_posts_of_one_second_follow_each_other(client, short_pages):
    now = timezone.now()
    for n in range(5):
        factories.post(f"Post {n}", published_at=now - HOUR)
    first = client.get("/")
    second = client.get(f"/{first.context['page'].older_url}")
    assert titles(first) + titles(second) == [f"Post {n}" for n in (4, 3, 2, 1, 0)]


def test_an_address_of_a_page_outlives_the_post_it_names(client, short_pages):
    many(5)
    older = client.get("/").context["page"].older_url
    Post.objects.get(title="Post 002").delete()
    assert titles(client.get(f"/{older}")) == ["Post 003", "Post 004"]


@pytest.mark.parametrize(
    "before",
    [
        "x",
        "1-",
        "-1",
        "-99999999999-1",
        "1-1-1",
        "99999999999-1",
        "1-999999999999999999",
        "０-０",
        "1" * 500,
    ],
)
def test_a_page_that_is_not_there_is_not_found(client, before):
    many(1)
    assert client.get("/", {"before": before}).status_code in (200, 404)
    assert client.get("/", {"before": "0-1"}).status_code == 404


def test_the_featured_post_stands_on_top_and_nowhere_else(client, short_pages):
    many(6)
    old = factories.post("Old star", published_at=timezone.now() - 90 * HOUR, is_featured=True)
    page = client.get("/")
    assert page.context["featured"].pk == old.pk
    assert titles(page) == ["Post 000", "Post 001", "Post 002"]


def test_a_featured_post_among_the_newest_leaves_a_full_page(client, short_pages):
    many(6)
    star = factories.post("Star", published_at=timezone.now() - HOUR / 2, is_featured=True)
    page = client.get("/")
    assert page.context["featured"].pk == star.pk
    assert titles(page) == ["Post 000", "Post 001", "Post 002"]
    older = client.get(f"/{page.context['page'].older_url}")
    assert titles(older) == ["Post 003", "Post 004", "Post 005"]
    assert older.context["page"].newer_url == "/"


def test_pages_around_an_old_featured_post_leave_nothing_out(client, short_pages):
    many(8)
    Post.objects.filter(title="Post 004").update(is_featured=True)
    second = client.get(f"/{client.get('/').context['page'].older_url}")
    last = client.get(f"/{second.context['page'].older_url}")
    assert titles(second) == ["Post 003", "Post 005", "Post 006"]
    assert titles(last) == ["Post 007"]
    assert titles(client.get(f"/{last.context['page'].newer_url}")) == titles(second)
    assert second.context["page"].newer_url == "/"


def test_posts_from_before_1970_are_reached(client, short_pages):
    for n in range(5):
        factories.post(f"Telegram {n}", published_at=datetime(1960 - n, 5, 1, tzinfo=UTC))
    page = client.get(f"/{client.get('/').context['page'].older_url}")
    assert titles(page) == ["Telegram 3", "Telegram 4"]
    assert page.context["page"].newer_url == "/"


def test_a_post_is_featured_only_until_its_time(client):
    past = timezone.now() - HOUR
    factories.post("Was", is_featured=True, featured_until=past)
    assert client.get("/").context["featured"] is None


HIDDEN = {
    "draft": {"state": "draft"},
    "review": {"state": "review"},
    "archived": {"state": "archived"},
    "scheduled": {"published_at": timezone.now() + 1000 * HOUR},
    "expired": {"published_at": timezone.now() - 2 * HOUR, "expires_at": timezone.now() - HOUR},
    "trashed": {"trashed_at": timezone.now()},
    "members": {"visibility": "members"},
}


def test_what_is_hidden_is_on_no_page_of_a_stranger(client, people):
    series, tag = factories.series("Tides"), factories.tag("Sea")
    together = {"author": people["Author"], "series": series, "tags": [tag]}
    before = factories.post("Before", published_at=timezone.now() - 3 * HOUR, **together)
    secrets = {
        how: factories.post("Secret words", body="Secret words", **together, **fields)
        for how, fields in HIDDEN.items()
    }
    client.force_login(people["Stranger"])
    for how, secret in secrets.items():
        if how != "members":
            assert client.get(secret.get_absolute_url()).status_code == 404, how
    client.logout()
    for address in ("/", before.get_absolute_url()):
        assert "Secret words" not in client.get(address).text
    for how, secret in secrets.items():
        page = client.get(secret.get_absolute_url())
        assert "Secret words" not in page.text, how
        assert page.status_code == 404, how


def test_unlisted_is_read_at_its_address_and_met_nowhere(client):
    other = factories.post("Other", published_at=timezone.now() - 2 * HOUR)
    secret = factories.post("Quiet words", visibility="unlisted")
    page = client.get(secret.get_absolute_url())
    assert page.status_code == 200
    assert '<meta name="robots" content="noindex">' in page.text
    for address in ("/", other.get_absolute_url()):
        assert "Quiet words" not in client.get(address).text


@pytest.mark.parametrize("role", ["Author", "Editor", "Administrator"])
def test_authors_and_editors_read_what_is_not_out(client, people, role):
    client.force_login(people[role])
    for how in ("draft", "review", "scheduled", "archived", "expired"):
        post = factories.post("Soon", author=people["Author"], **HIDDEN[how])
        page = client.get(post.get_absolute_url())
        assert page.status_code == 200, how
        assert "no-store" in page["Cache-Control"], how
        assert page["X-Robots-Tag"] == "noindex", how
        assert "Only you and the editors" in page.text, how


def test_members_read_what_is_theirs(client, people):
    post = factories.post("For members", visibility="members")
    client.force_login(people["Reader"])
    page = client.get(post.get_absolute_url())
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)


def test_an_old_address_leads_to_the_new_one(client):
    post = factories.post("First")
    post.slug = "second"
    save_post(post, by=None)
    answer = client.get("/first/")
    assert (answer.status_code, answer["Location"]) == (301, "/second/")


def test_an_old_address_does_not_tell_of_a_hidden_post(client):
    post = factories.post("First")
    post.slug, post.state = "second", "draft"
    save_post(post, by=None)
    assert client.get("/first/").status_code == 404


def test_a_post_leads_to_its_neighbours(client):
    many(3)
    page = client.get("/post-001/")
    assert page.context["previous"].title == "Post 002"
    assert page.context["next"].title == "Post 000"


def test_pages_that_name_a_post_are_made_anew_when_it_comes_out(
    django_capture_on_commit_callbacks,
):
    """Its listed neighbours, and what is unlisted between them; nothing else."""
    ages = {"Oldest": 9, "Old": 8, "Quiet": 7, "Still": 6, "Calm": 3, "New": 2, "Newest": 1}
    now = timezone.now()
    posts = {
        title: factories.post(
            title,
            published_at=now - age * HOUR,
            visibility="public" if title in ("Old", "New", "Newest") else "unlisted",
        )
        for title, age in ages.items()
    }

    def moved(hours: int) -> set[str]:
        PageStamp.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            factories.post(f"Between {hours}", published_at=now - hours * HOUR)
        keys = set(PageStamp.objects.values_list("key", flat=True))
        return {title for title, post in posts.items() if f"post:{post.pk}" in keys}

    assert moved(5) == {"Old", "Quiet", "Still", "Calm", "New"}
    assert moved(10) == {"Oldest", "Old"}
    assert moved(0) == {"Newest"}


def test_a_page_stands_in_no_list_but_has_its_address(client):
    factories.post("About", kind="page")
    assert "About" not in client.get("/").text
    assert client.get("/about/").status_code == 200


@pytest.mark.parametrize("path", ["/nothing/", "/%00/", "/%ff/", "/" + "x" * 3000 + "/", "/a/b/"])
def test_what_is_not_there_is_said_so(client, path):
    assert client.get(path).status_code in (400, 404)


def rich(numbers: range, series: Series | None = None) -> Series:
    """Posts with everything a list asks for: topics, a series, two authors, a featured one."""
    series = series or factories.series()
    for n in numbers:
        factories.post(
            f"Rich {n}",
            author=factories.user(),
            co_authors=[factories.user()],
            tags=[factories.tag(), factories.tag()],
            series=series,
            series_position=n,
            is_featured=n == 0,
            published_at=timezone.now() - (n + 1) * HOUR,
        )
    return series


@pytest.mark.parametrize("number", [1, 40])
def test_a_list_costs_the_same_whatever_is_on_it(
    client, django_assert_num_queries, django_assert_max_num_queries, number
):
    rich(range(number))
    # With nothing but the featured post it asks when the next one comes.
    lists = {
        "/": 4 if number == 1 else 3,
        "/archive/": 4,
        "/tags/": 3,
        "/authors/": 3,
        "/series/": 3,
    }
    for one in (Tag.objects.first(), Series.objects.first()):
        lists[one.get_absolute_url()] = 4
    lists[f"/authors/{Post.objects.first().author.slug}/"] = 4
    lists[f"/archive/{timezone.localdate():%Y/%m}/"] = 2
    for address, queries in lists.items():
        with django_assert_num_queries(queries):
            page = client.get(address)
        assert page.status_code == 200, address
        if "page" in page.context and (older := page.context["page"].older_url):
            with django_assert_max_num_queries(queries):
                client.get(f"{address}{older}")


def test_a_post_costs_six_queries_whatever_is_around_it(client, django_assert_num_queries):
    series = rich(range(2))
    with django_assert_num_queries(6):
        client.get("/rich-1/")
    rich(range(2, 25), series)
    with django_assert_num_queries(6):
        client.get("/rich-1/")


def test_a_scheduled_post_bounds_how_long_the_newest_page_is_kept(client):
    factories.post("Newest")
    coming = factories.post("Coming", published_at=timezone.now() + 20 * timedelta(seconds=1))
    for address in ("/", "/newest/"):
        kept = re.search(r"s-maxage=(\d+)", client.get(address).get("Cache-Control", ""))
        assert kept is None or int(kept[1]) <= 20
    assert coming.is_scheduled()
