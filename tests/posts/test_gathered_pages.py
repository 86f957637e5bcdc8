"""Topics, series, people and years as readers meet them: pages, their neighbours, their ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.services import save_person
from blogsite.site.models import SiteSettings
from posts.models import FormerTag, Post, Tag
from posts.services.organising import merge_tags, save_gathering
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def walk(client, address: str) -> list[str]:
    """The titles on all pages of a list, newest first, by its own links and back again."""
    SiteSettings.objects.update_or_create(pk=1, defaults={"posts_per_page": 2})
    seen, way, onward = [], [address], address
    while onward:
        page = client.get(onward).context["page"]
        seen += [one.title for one in page.entries]
        onward = page.older_url and address + page.older_url
        way += [onward] if onward else []
    for here, before in zip(way[:0:-1], way[-2::-1], strict=True):
        newer = client.get(here).context["page"].newer_url
        assert newer in (before, before.removeprefix(address))
    return seen


@pytest.fixture
def written(people):
    """Seven posts, every other one by Ines under Sea; the last with Tomasz."""
    now = timezone.now()
    tag = factories.tag("Sea")
    for number in range(7):
        mine = number % 2 == 0
        factories.post(
            f"Post {number}",
            author=people["Author" if mine else "Editor"],
            co_authors=[people["Stranger"]] if number == 6 else [],
            tags=[tag] if mine else [],
            published_at=now - (number + 1) * HOUR,
        )
    return people


@pytest.mark.parametrize("many", [1, 1000])
def test_lists_of_topics_and_people_lead_back_and_forth(client, written, monkeypatch, many):
    """Found one way where there are few, another way where there are many: the same pages."""
    monkeypatch.setattr("posts.gathered.MANY", many)
    mine = ["Post 0", "Post 2", "Post 4", "Post 6"]
    assert walk(client, "/tags/sea/") == mine
    assert walk(client, "/authors/ines/") == mine
    assert walk(client, "/authors/tomasz/") == ["Post 6"]


def test_years_and_months_hold_what_came_out_where_the_site_is(client):
    SiteSettings.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})
    for title, moment in (
        ("Last of 2024", datetime(2024, 12, 31, 22, 59, 59, tzinfo=UTC)),
        ("First of 2025", datetime(2024, 12, 31, 23, 0, tzinfo=UTC)),
        ("Summer", datetime(2025, 7, 1, tzinfo=UTC)),
    ):
        factories.post(title, published_at=moment)
    assert walk(client, "/archive/2025/") == ["Summer", "First of 2025"]
    assert walk(client, "/archive/2025/01/") == ["First of 2025"]
    assert walk(client, "/archive/2024/12/") == ["Last of 2024"]
    page = client.get("/archive/")
    assert [label for label, _url in page.context["spans"]] == [2025, 2024]
    assert [label for label, _url in client.get("/archive/2025/").context["spans"]] == [
        "January",
        "July",
    ]


@pytest.mark.parametrize(
    "address",
    ["2026/13/", "2026/00/", "2026/1/", "0000/", "99999/", "2999/", "2999/12/", "-1/", "２０２６/"],
)
def test_there_is_no_archive_of_impossible_or_empty_times(client, address):
    factories.post()
    assert client.get(f"/archive/{address}").status_code == 404


def test_a_post_may_be_called_as_a_year(client):
    factories.post("1984")
    assert client.get("/1984/").status_code == 200


@pytest.mark.parametrize("query", ["before=1-1", "before=x", "after=1000001-9", "after=x"])
@pytest.mark.parametrize("address", ["/archive/", "/tags/sea/", "/series/log/", "/authors/ines/"])
def test_beyond_the_end_there_is_nothing(client, people, address, query):
    series, tag = factories.series("Log"), factories.tag("Sea")
    factories.post(author=people["Author"], tags=[tag], series=series)
    understood = query.startswith("after") == address.startswith("/series")
    assert client.get(f"{address}?{query}").status_code == (404 if understood else 200)


def test_a_forged_place_in_the_future_shows_nothing_early(client):
    factories.post("Out")
    factories.post("Zephyr", published_at=timezone.now() + 10 * HOUR)
    page = client.get("/?before=99999999999-1")
    assert page.status_code == 404 or "Zephyr" not in page.text
    later = int((timezone.now() + 20 * HOUR).timestamp())
    assert "Zephyr" not in client.get(f"/?before={later}-1").text


def test_a_series_goes_by_its_numbers_page_by_page(client, monkeypatch):
    monkeypatch.setattr("posts.views.gatherings.ON_A_PAGE", 2)
    series = factories.series("Log")
    for number in (3, None, 1, 2):
        factories.post(f"Part {number}", series=series, series_position=number)
    first = client.get("/series/log/")
    second = client.get(f"/series/log/{first.context['more_url']}")
    titles = [one.title for page in (first, second) for _n, one in page.context["parts"]]
    assert titles == ["Part 1", "Part 2", "Part 3", "Part None"]
    assert second.context["more_url"] is None


def test_shelves_go_on_after_their_last_row(client, monkeypatch):
    monkeypatch.setattr("posts.views.gatherings.ON_A_PAGE", 2)
    factories.post(tags=[factories.tag(name) for name in ("Ärmel", "Boot", "Ebbe")])
    factories.tag("Zephyr")
    first = client.get("/tags/")
    second = client.get(f"/tags/{first.context['more_url']}")
    rows = [row["title"] for page in (first, second) for row in page.context["rows"]]
    assert sorted(rows) == ["Boot", "Ebbe", "Ärmel"]
    assert client.get("/tags/?after=zzz").status_code == 404


def test_a_series_and_somebody_are_found_at_their_old_addresses(client, people):
    ines, log = people["Author"], factories.series("Log")
    factories.post(author=ines, series=log)
    for slug in ("zweites-logbuch", "drittes", "log", "ü"):
        log.slug = ines.slug = slug
        save_gathering(log)
        save_person(ines)
    for kind, olds in (("series", ["drittes", "log"]), ("authors", ["drittes", "ines"])):
        for old in ["zweites-logbuch", *olds]:
            answer = client.get(f"/{kind}/{old}/?a=1")
            assert (answer.status_code, answer["Location"]) == (301, f"/{kind}/%C3%BC/?a=1")
        assert client.get(f"/{kind}/ü/").status_code == 200
    Post.objects.update(visibility="unlisted")
    assert client.get("/series/log/").status_code == 404
    assert client.get("/authors/ines/").status_code == 404


def test_what_is_said_of_an_author_is_words(client, people):
    people["Author"].bio = "Writes *about* [boats](https://example.org/)."
    people["Author"].save()
    factories.post(author=people["Author"])
    page = client.get("/authors/ines/").text
    assert '<meta name="description" content="Writes about boats.">' in page
    assert '<meta property="og:description" content="Writes about boats.">' in page


def test_a_topic_that_became_another_leads_to_it(client):
    tides, ebb = factories.tag("Tides"), factories.tag("Ebb")
    factories.post(tags=[ebb])
    merge_tags(tides, [ebb])
    answer = client.get("/tags/ebb/?before=9999999999-1")
    assert (answer.status_code, answer["Location"]) == (301, "/tags/tides/?before=9999999999-1")
    tides.slug = "tide"
    save_gathering(tides)
    for old in ("ebb", "tides"):
        answer = client.get(f"/tags/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/tags/tide/")
    Post.objects.update(state="draft")
    assert client.get("/tags/ebb/").status_code == 404


def test_a_new_blog_has_shelves_that_say_so_and_are_not_indexed(client):
    for address in ("/archive/", "/tags/", "/series/", "/authors/"):
        page = client.get(address)
        assert page.status_code == 200
        assert '<meta name="robots" content="noindex">' in page.text
    Tag.objects.create(name="Empty")
    FormerTag.objects.create(slug="former", tag=Tag.objects.get())
    for address in ("/tags/empty/", "/tags/former/", "/series/none/", "/authors/none/"):
        assert client.get(address).status_code == 404


def test_a_dead_address_is_answered_with_what_comes_near(client, people):
    factories.post("Forty lines for the tide")
    for number in range(30):
        factories.post(f"Something else {number}")
    page = client.get("/forty-lines-for-the-tyde/")
    assert page.status_code == 404
    assert '<a href="/forty-lines-for-the-tide/">Forty lines for the tide</a>' in page.text
    assert "Something else" not in page.text
    assert client.get("/2024/05/lines-tide/").context["near"]
    assert "one of these" not in client.get("/qqqq/").text


def test_who_may_edit_is_led_into_the_editor(client, people):
    post = factories.post(author=people["Author"])
    address, desk = f"/edit/{post.pk}/", f"/admin/posts/post/{post.pk}/change/"
    assert client.get(address)["Location"] == f"/admin/login/?next={address}"
    assert client.head(address).status_code == 204
    for person in ("Author", "Editor"):
        client.force_login(people[person])
        answer = client.head(address)
        assert (answer.status_code, answer["Location"]) == (302, desk)
        assert "no-store" in answer["Cache-Control"]
    for person in ("Stranger", "Reader", "Moderator"):
        client.force_login(people[person])
        assert client.get(address).status_code == 404
        assert client.head(address).status_code == 204


def test_a_page_is_signed_by_nobody_and_stands_between_nothing(client):
    factories.post("Before", published_at=timezone.now() - 3 * HOUR)
    page = client.get(factories.post("About", kind="page").get_absolute_url())
    assert page.context["previous"] is None
    assert 'class="byline' not in page.text
