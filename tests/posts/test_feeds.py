"""Feeds: the same content as the page, whole, with full addresses, and nothing that is hidden."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from accounts.services import save_person
from blogsite.site.models import SiteSettings
from posts.models import FormerTag
from posts.services import steps
from posts.services.organising import save_gathering
from posts.services.saving import set_live
from tests import factories

FORMS = ["feed.xml", "atom.xml", "feed.json"]
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, address: str) -> dict:
    """A feed as its readers understand it."""
    answer = client.get(address)
    assert answer.status_code == 200, answer
    if address.partition("?")[0].endswith(".json"):
        assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
        return json.loads(answer.content)
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def titles(client, address: str) -> list[str]:
    return titles_in(read(client, address))


def titles_in(found: dict) -> list[str]:
    return [one["title"] for one in found["items" if "items" in found else "entries"]]


@pytest.fixture
def blog(people):
    ines = people["Author"]
    tides, part = factories.tag("Tides & <tools>"), factories.series("Boats")
    body = (
        "Text with *marks*, [near](/low-water/) and [a note][^1].\n\n[^1]: Below.\n\n![A pier]({})"
    )
    cover = factories.image(ines)
    post = factories.post(
        "High & low <water>",
        author=ines,
        co_authors=[people["Editor"]],
        tags=[tides],
        series=part,
        cover=cover,
        body=body.format(cover.url),
    )
    return {"post": post, "tag": tides, "series": part, "author": ines, "cover": cover}


@pytest.mark.parametrize("form", FORMS)
def test_a_post_is_whole_and_every_address_is_full(client, blog, form):
    found = read(client, f"/{form}")
    post = blog["post"]
    if form == "feed.json":
        [item] = found["items"]
        content, tags = item["content_html"], item["tags"]
        assert found["version"] == "https://jsonfeed.org/version/1.1"
        assert found["home_page_url"] == "http://testserver/"
        assert found["feed_url"] == "http://testserver/feed.json"
        assert [one["name"] for one in item["authors"]] == ["ines", "amara"]
        assert item["image"] == f"http://testserver{blog['cover'].url}"
        assert item["url"] == f"http://testserver{post.get_absolute_url()}"
        assert item["date_published"] == post.published_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    else:
        [item] = found.entries
        content, tags = item.content[0].value, [tag.term for tag in item.tags]
        assert item.link == f"http://testserver{post.get_absolute_url()}"
        [enclosure] = item.enclosures
        assert enclosure.href == f"http://testserver{blog['cover'].url}"
        assert (enclosure.type, int(enclosure.length)) == ("image/jpeg", blog["cover"].bytes)
        assert item.published_parsed[:5] == post.published_at.timetuple()[:5]
        assert [one.name for one in item.authors] == ["ines", "amara"]
    assert item["title"] == "High & low <water>"
    assert tags == ["Tides & <tools>"]
    assert "<em>marks</em>" in content
    assert 'href="http://testserver/low-water/"' in content
    assert f"http://testserver{blog['cover'].url}" in content
    assert 'href="/' not in content
    assert 'src="/' not in content


@pytest.mark.parametrize("form", FORMS)
def test_each_gathering_has_its_own(client, blog, form):
    factories.post("Another one")
    for kind in ("tag", "series", "author"):
        address = {"tag": "tags", "author": "authors"}.get(kind, kind)
        assert titles(client, f"/{address}/{blog[kind].slug}/{form}") == [
            titles(client, f"/{form}")[1]
        ], kind
    assert len(titles(client, f"/{form}")) == 2


def test_pages_follow_each_other_to_the_end(client, people):
    now = timezone.now()
    for n in range(41):
        factories.post(
            f"Post {n:02}", author=people["Author"], published_at=now - timedelta(hours=n + 1)
        )
    for form in FORMS:
        follow_to_the_end(client, form)


def follow_to_the_end(client, form: str) -> None:
    met, address = [], f"/{form}"
    for _page in range(3):
        found = read(client, address)
        met += titles_in(found)
        if form == "feed.json":
            address = found.get("next_url", "")
        else:
            links = {link.rel: link.href for link in found.feed.links}
            assert links["self"] == f"http://testserver{address}"
            assert links["first"] == f"http://testserver/{form}"
            address = links.get("next", "")
        address = address.removeprefix("http://testserver")
    assert address == ""
    assert met == [f"Post {n:02}" for n in range(41)]
    assert client.get(f"/{form}?before=1-1").status_code == 404
    assert client.get(f"/{form}?before=soon").status_code == 404


def test_a_post_keeps_its_name_whatever_else_changes(client, blog):
    def names() -> set[str]:
        return {
            read(client, "/feed.xml").entries[0].id,
            read(client, "/atom.xml").entries[0].id,
            read(client, "/feed.json")["items"][0]["id"],
        }

    before = names()
    assert len(before) == 1
    blog["post"].title, blog["post"].slug = "Another title", "another-address"
    blog["post"].save()
    assert names() == before


SECRET = "zanzibarine"


@pytest.mark.parametrize("form", FORMS)
def test_nothing_hidden_is_told(client, people, form):
    """Neither while it is hidden, nor because its author, topic and series have other posts."""
    ines, tide, part = people["Author"], factories.tag("Tide"), factories.series("Part")
    common = {"author": ines, "tags": [tide], "series": part, "body": SECRET}
    later = timezone.now() + timedelta(hours=1)
    factories.post("Shown", author=ines, tags=[tide], series=part)
    factories.draft(SECRET, **common)
    factories.post(SECRET, published_at=later, **common)
    factories.post(SECRET, expires_at=timezone.now() - timedelta(minutes=1), **common)
    factories.post(SECRET, visibility="unlisted", **common)
    factories.post(SECRET, visibility="members", **common)
    factories.post(SECRET, kind="page", **common)
    steps.trash(factories.post(SECRET, **common), by=ines)
    for at in ("/", f"/tags/{tide.slug}/", f"/series/{part.slug}/", f"/authors/{ines.slug}/"):
        answer = client.get(at + form)
        assert SECRET not in answer.text
        assert titles(client, at + form) == ["Shown"]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_for_members_is_told_of_and_not_told(client, people, form):
    site = SiteSettings.current()
    site.lists_members_posts = True
    site.save()
    factories.post("For members", visibility="members", dek="Come in", body=SECRET)
    answer = client.get(f"/{form}")
    assert "For members" in answer.text
    assert "Come in" in answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_without_posts_it_is_a_feed_all_the_same(client, db, form):
    assert titles(client, f"/{form}") == []
    tag = factories.tag()
    assert client.get(f"/tags/{tag.slug}/{form}").status_code == 404
    assert client.get(f"/authors/nobody/{form}").status_code == 404


def test_a_merged_topic_leads_to_the_feed_of_the_other(client, blog):
    FormerTag.objects.create(slug="ebb", former_id=10_000, tag=blog["tag"])
    answer = client.get("/tags/ebb/atom.xml")
    assert (answer.status_code, answer["Location"]) == (
        301,
        f"/tags/{blog['tag'].slug}/atom.xml",
    )


def test_the_feeds_of_a_series_and_of_somebody_move_with_them(client, blog):
    blog["series"].slug, blog["author"].slug = "ships", "ines-ferro"
    save_gathering(blog["series"])
    save_person(blog["author"])
    for old, new in (("series/boats", "series/ships"), ("authors/ines", "authors/ines-ferro")):
        answer = client.get(f"/{old}/feed.json")
        assert (answer.status_code, answer["Location"]) == (301, f"/{new}/feed.json")


def test_signs_that_xml_cannot_carry_are_left_out(client, db):
    factories.post("Bell \x07 and \ufffe", body="A \x0b tab, an emoji 🌊 and \x1f.")
    for form in ("feed.xml", "atom.xml"):
        ElementTree.fromstring(client.get(f"/{form}").content)
        assert titles(client, f"/{form}")[0].startswith("Bell")


def test_queries_stay_the_same_for_twenty_posts(client, people, django_assert_num_queries):
    for posts in (1, 22):
        for _n in range(posts):
            factories.post(tags=[factories.tag()], author=people["Author"])
        for form in FORMS:
            client.get(f"/{form}")
            with django_assert_num_queries(4):
                client.get(f"/{form}")


def test_a_change_of_a_post_is_a_change_of_its_feeds(client, blog):
    set_live(blog["post"], by=blog["author"], visibility="unlisted")
    assert titles(client, "/feed.xml") == []


def test_pages_say_where_their_feeds_are(client, blog):
    pages = {
        "/": ["/feed.xml", "/atom.xml", "/feed.json"],
        blog["post"].get_absolute_url(): ["/feed.xml"],
        f"/tags/{blog['tag'].slug}/": ["/feed.xml", f"/tags/{blog['tag'].slug}/feed.xml"],
        f"/series/{blog['series'].slug}/": ["/feed.xml", f"/series/{blog['series'].slug}/feed.xml"],
        f"/authors/{blog['author'].slug}/": [
            "/feed.xml",
            f"/authors/{blog['author'].slug}/feed.xml",
        ],
    }
    for page, feeds in pages.items():
        html = client.get(page).text
        found = re.findall(
            r'<link rel="alternate" type="[^"]+" title="[^"]+" href="([^"]+)">', html
        )
        assert found == feeds
        assert all(client.get(feed).status_code == 200 for feed in feeds)
        assert '<a href="/feed.xml">Feed</a>' in html


def follow_search(client, form: str) -> None:
    address = f"/search/{form}?q=ebb+tide"
    found = read(client, address)
    assert titles_in(found) == [f"Tide {n:02}" for n in range(20)]
    following = (
        found["next_url"]
        if form == "feed.json"
        else next(link.href for link in found.feed.links if link.rel == "next")
    ).removeprefix("http://testserver")
    assert titles(client, following) == ["Tide 20", "Tide 21"]
    assert client.get(address)["X-Robots-Tag"] == "noindex"
    assert titles(client, f"/search/{form}?q=nothing+like+it") == []
    assert client.get(f"/search/{form}").status_code == 404


def test_a_search_can_be_followed(client, people):
    now = timezone.now()
    for n in range(22):
        factories.post(f"Tide {n:02}", body="ebb", published_at=now - timedelta(hours=n + 1))
    factories.post("Something else", body="flood")
    factories.draft("A draft", body="ebb")
    factories.post("For members", body="ebb", visibility="members")
    for form in FORMS:
        follow_search(client, form)
    assert "Did you mean" in client.get("/search/?q=somethign").text
    assert titles(client, "/search/feed.xml?q=somethign") == []
    assert 'href="/search/feed.xml?q=ebb"' in client.get("/search/?q=ebb").text
