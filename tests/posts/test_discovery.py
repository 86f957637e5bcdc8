"""What machines are told: where everything is, what they may do, and nothing that is hidden."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from blogsite.site.models import Crawlers, SiteSettings
from posts.models import Post
from posts.services import steps
from posts.social import draw_due
from posts.views import discovery
from tests import factories

SECRET = "zanzibarine"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def settle(**values) -> None:
    site = SiteSettings.current()
    for name, value in values.items():
        setattr(site, name, value)
    site.save()


def places(client, address: str = "/sitemap.xml") -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    found = ElementTree.fromstring(answer.content).iter(f"{SITEMAP}loc")
    return [(one.text or "").removeprefix("http://testserver") for one in found]


def everything(client) -> list[str]:
    return [one for file in places(client) for one in places(client, file)]


@pytest.fixture
def hidden(people):
    """One post of every kind that no machine may learn of, and topics only they have."""
    ines, later = people["Author"], timezone.now() + timedelta(hours=1)
    common = {"author": ines, "tags": [factories.tag(SECRET)], "body": SECRET}
    factories.draft(SECRET, **common)
    factories.post(SECRET, published_at=later, **common)
    factories.post(SECRET, expires_at=timezone.now() - timedelta(minutes=1), **common)
    factories.post(SECRET, visibility="unlisted", **common)
    factories.post(SECRET, visibility="members", **common)
    steps.trash(factories.post(SECRET, **common), by=ines)


def test_everything_public_is_in_the_sitemap_and_nothing_else(client, people, hidden):
    ines, part = people["Author"], factories.series("Boats")
    tagged = factories.post("Low water", author=ines, tags=[factories.tag("Tides")], series=part)
    page = factories.post("About", kind="page", author=ines)
    factories.post("Quiet", noindex=True, author=ines)
    factories.post("Elsewhere", canonical_url="https://example.org/first/", author=ines)
    assert sorted(everything(client)) == sorted(
        [
            *("/", "/archive/", "/tags/tides/", "/series/boats/", f"/authors/{ines.slug}/"),
            tagged.get_absolute_url(),
            page.get_absolute_url(),
        ]
    )


def test_a_large_sitemap_is_split_and_every_post_stands_in_one_file(client, people, monkeypatch):
    monkeypatch.setattr(discovery, "KEYS_IN_A_FILE", 3)
    posts = [factories.post(f"Post {n}", author=people["Author"]) for n in range(8)]
    files = places(client)
    assert len(files) >= 3
    found = [one for file in files if "lists" not in file for one in places(client, file)]
    assert sorted(found) == sorted(post.get_absolute_url() for post in posts)
    assert all(len(places(client, file)) <= 3 for file in files if "lists" not in file)
    assert client.get("/sitemap-999999.xml").status_code == 404
    assert client.get("/sitemap-x.xml", follow=True).status_code == 404


def test_the_sitemap_says_when_a_post_changed(client, db):
    post = factories.post("Low water")
    edited = timezone.now().replace(microsecond=0) - timedelta(minutes=5)
    Post.objects.filter(pk=post.pk).update(edited_at=edited)
    file = next(one for one in places(client) if "lists" not in one)
    assert f"<lastmod>{edited:%Y-%m-%dT%H:%M:%S+00:00}</lastmod>" in client.get(file).text


def test_queries_of_the_sitemap_stay_the_same(client, people, django_assert_num_queries):
    def posts(count: int) -> None:
        for _n in range(count):
            factories.post(author=people["Author"], tags=[factories.tag()])

    posts(1)
    for address, most in (("/sitemap.xml", 3), ("/sitemap-lists.xml", 5), ("/robots.txt", 3)):
        client.get(address)
        with django_assert_num_queries(most):
            client.get(address)
    posts(20)
    for address, most in (("/sitemap.xml", 3), ("/sitemap-lists.xml", 5), ("/robots.txt", 3)):
        with django_assert_num_queries(most):
            client.get(address)


# -- what they may do --------------------------------------------------------------------------


def robots(client) -> str:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return answer.text


def test_everybody_is_welcome_at_first(client, db):
    assert robots(client) == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /search/?\n"
        "\nSitemap: http://testserver/sitemap.xml\n"
    )


@pytest.mark.parametrize("wish", [Crawlers.NO_TRAINING, Crawlers.SUMMARY])
def test_trainers_are_sent_away_from_the_whole_site(client, db, wish):
    settle(crawlers=wish)
    factories.post("Open to all", crawlers=Crawlers.ALLOW)
    factories.post("As the site")
    factories.draft(SECRET, crawlers=Crawlers.ALLOW)
    told = robots(client)
    assert "User-agent: GPTBot\n" in told
    assert told.endswith(
        "\nAllow: /open-to-all/\nAllow: /open-to-all.md\nDisallow: /\n"
        "\nSitemap: http://testserver/sitemap.xml\n"
    )


def test_trainers_are_sent_away_from_single_posts(client, db, hidden):
    settle(offers_markdown=True)
    factories.post("Open")
    factories.post("Mine alone", crawlers=Crawlers.NO_TRAINING)
    factories.post("Quiet", crawlers=Crawlers.NO_TRAINING, noindex=True)
    factories.post("Guest", crawlers=Crawlers.SUMMARY, canonical_url="https://example.org/")
    Post.objects.filter(slug__startswith=SECRET).update(crawlers=Crawlers.NO_TRAINING)
    told = robots(client)
    for slug in ("mine-alone", "quiet", "guest"):
        assert f"Disallow: /{slug}/\nDisallow: /{slug}.md\n" in told
    assert told.count("Disallow:") == 2 + 2 * 3
    assert SECRET not in told
    listed = client.get("/llms.txt").text
    assert "/open.md" in listed
    assert "/mine-alone.md" not in listed


def test_a_staging_site_is_no_place_for_machines(client, db, settings):
    settings.ENV = "staging"
    settle(crawlers=Crawlers.NO_TRAINING)
    assert robots(client) == "User-agent: *\nDisallow: /\n"


# -- plain copies ------------------------------------------------------------------------------


def test_plain_copies_are_offered_only_if_the_owner_says_so(client, db):
    post = factories.post("Low water")
    assert client.get(f"/{post.slug}.md").status_code == 404
    assert client.get("/llms.txt").status_code == 404
    settle(offers_markdown=True)
    assert client.get(f"/{post.slug}.md").status_code == 200
    assert client.get("/llms.txt").status_code == 200


def test_a_copy_is_the_text_as_it_was_written(client, people):
    settle(offers_markdown=True)
    body = "Some *text* & <b>marks</b>.\n\n- one\n- two"
    post = factories.post("High & low", author=people["Author"], dek="A word", body=body)
    answer = client.get(f"/{post.slug}.md")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Link"] == f'<http://testserver{post.get_absolute_url()}>; rel="canonical"'
    assert answer.text.startswith("# High & low\n\n> A word\n\nBy ines, ")
    assert body in answer.text
    assert (
        f"- [High & low](http://testserver/{post.slug}.md): A word\n"
        in client.get("/llms.txt").text
    )


def test_of_a_text_with_a_summary_only_the_summary_is_copied(client, db):
    settle(offers_markdown=True)
    words = " ".join(f"word{n}" for n in range(300))
    post = factories.post("Guarded", body=words, crawlers=Crawlers.SUMMARY)
    assert "word0" in client.get(f"/{post.slug}.md").text
    assert "word299" not in client.get(f"/{post.slug}.md").text


def test_no_copy_tells_what_is_hidden(client, db, hidden):
    settle(offers_markdown=True)
    for post in Post.objects.exclude(visibility="unlisted"):
        assert client.get(f"/{post.slug}.md").status_code == 404
    assert SECRET not in client.get("/llms.txt").text


# -- what a page is about ------------------------------------------------------------------------


def graph(client, address: str) -> dict[str, dict]:
    """The things a page tells of itself, by their type."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(client, address))
    [data] = map(json.loads, found)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_a_post_says_what_it_is_who_wrote_it_and_where_it_stands(client, people):
    ines, amara = people["Author"], people["Editor"]
    tag = factories.tag("Tides")
    post = factories.post(
        "</script> & co.", author=ines, co_authors=[amara], tags=[tag], slug="low", dek="A word"
    )
    draw_due()
    told = graph(client, "/low/")
    posting = told["BlogPosting"]
    assert posting["headline"] == "</script> & co."
    assert posting["description"] == "A word"
    assert posting["mainEntityOfPage"] == "http://testserver/low/"
    assert posting["datePublished"] == post.published_at.isoformat()
    assert [one["name"] for one in posting["author"]] == ["ines", "amara"]
    assert posting["publisher"]["name"] == "New blog"
    assert posting["keywords"] == ["Tides"]
    picture = client.get(posting["image"].removeprefix("http://testserver"))
    assert len(b"".join(picture.streaming_content)) > 1000
    trail = [one["item"] for one in told["BreadcrumbList"]["itemListElement"]]
    assert trail == [f"http://testserver{path}" for path in ("/", "/tags/tides/", "/low/")]


def test_a_shared_post_shows_its_card(client, people):
    factories.post("Low", author=people["Author"], slug="low")
    assert 'property="og:image"' not in page(client, "/low/")
    draw_due()
    card = Post.objects.get().share_url
    assert f'<meta property="og:image" content="http://testserver{card}">' in page(client, "/low/")
    assert '<meta name="twitter:card" content="summary_large_image">' in page(client, "/low/")


def test_the_blog_and_its_people_say_who_they_are(client, people):
    factories.post(author=people["Author"])
    assert graph(client, "/")["WebSite"]["url"] == "http://testserver/"
    person = graph(client, "/authors/ines/")["ProfilePage"]["mainEntity"]
    assert (person["name"], person["url"]) == ("ines", "http://testserver/authors/ines/")


def test_what_machines_may_do_stands_in_the_page(client, db):
    factories.post("Open", slug="open")
    factories.post("Guarded", slug="guarded", crawlers=Crawlers.SUMMARY)
    factories.post("Quiet", slug="quiet", noindex=True)
    assert 'name="robots"' not in page(client, "/open/")
    guarded = page(client, "/guarded/")
    assert '<meta name="robots" content="noai, noimageai, max-snippet:160">' in guarded
    assert '<meta name="tdm-reservation" content="1">' in guarded
    assert '<meta name="robots" content="noindex">' in page(client, "/quiet/")
    settle(crawlers=Crawlers.NO_TRAINING)
    assert '<meta name="robots" content="noai, noimageai">' in page(client, "/open/")
    assert '<meta name="robots" content="noindex, noai, noimageai">' in page(client, "/quiet/")


def test_feeds_keep_to_a_summary_where_that_is_all_there_is_to_be(client, db):
    words = " ".join(f"word{n}" for n in range(300))
    factories.post("Guarded", body=words, crawlers=Crawlers.SUMMARY)
    for form in ("feed.xml", "atom.xml", "feed.json"):
        told = page(client, f"/{form}")
        assert "word0" in told
        assert "word299" not in told
