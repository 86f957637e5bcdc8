"""What is hidden is hidden everywhere: one look at every public address for a secret word."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blogsite.site.models import SiteSettings
from posts.models import Post
from posts.related import relate
from posts.services.organising import merge_tags
from posts.services.saving import save_post
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "zephyr"
HOUR = timedelta(hours=1)
NOW = timezone.now()
HIDDEN = {
    "draft": {"state": "draft"},
    "review": {"state": "review"},
    "archived": {"state": "archived"},
    "scheduled": {"published_at": NOW + 1000 * HOUR},
    "expired": {"published_at": NOW - 4 * HOUR, "expires_at": NOW - 3 * HOUR},
    "trashed": {"trashed_at": NOW},
    "unlisted": {"visibility": "unlisted"},
    "members": {"visibility": "members"},
}
NOWHERE = ("/zephyrs/", "/zephyr-note/", "/archive/1987/", "/archive/1987/05/")
FEEDS = ("feed.xml", "atom.xml", "feed.json")
#: Where the words of the hidden posts are no part of the question.
MACHINES = ("/robots.txt", "/sitemap.xml", "/sitemap-lists.xml", "/sitemap-0.xml", "/llms.txt")
SEARCHES = tuple(f"/search/{form}?q=note" for form in ("", *FEEDS))


def addresses() -> list[str]:
    """Every public address there is, those of what only the hidden posts have included."""
    fixed = ["posts:home", "posts:archive", "posts:tags", "posts:series_index", "posts:authors"]
    found, shelves = [reverse(name) for name in fixed], ["/"]
    for post in Post.objects.select_related("series", "author").prefetch_related("tags"):
        found += [post.get_absolute_url(), reverse("posts:markdown", args=[post.slug])]
        shelves += [reverse("posts:author", args=[post.author.slug])]
        shelves += [one.get_absolute_url() for one in (*post.tags.all(), post.series)]
    found += [f"{shelf}{form}" for shelf in shelves for form in ("", *FEEDS)]
    month = timezone.localtime(NOW - 2 * HOUR)
    found += [f"/archive/{month:%Y}/", f"/archive/{month:%Y/%m}/", "/tags/zephyr-merged/"]
    return [*dict.fromkeys(found), *MACHINES, *SEARCHES, *NOWHERE]


def hide(people, *kinds: str) -> Post:
    """Between two public posts, sharing everything with them, and with things of their own."""
    tag, series = factories.tag("Sea"), factories.series("Log")
    shared = {"author": people["Author"], "series": series, "tags": [tag]}
    for number, hours in enumerate((5, 1), 1):
        when = NOW - hours * HOUR
        factories.post(f"Note {number}", published_at=when, series_position=number, **shared)
    own, merged = factories.tag(f"{SECRET} topic"), factories.tag(f"{SECRET} merged")
    lonely, alone = factories.user(f"{SECRET}er", role="Author"), factories.series(f"{SECRET} saga")
    cover = factories.image(people["Author"])
    hidden = []
    for kind in kinds:
        fields = {"published_at": NOW - 2 * HOUR, "is_featured": True, **HIDDEN[kind]}
        post = factories.post(
            f"{SECRET} note {kind}",
            slug="" if len(kinds) > 1 else "zephyr-note",
            dek=f"{SECRET} dek",
            body=f"{SECRET} body",
            cover=cover,
            cover_caption=SECRET,
            series_position=3,
            **(shared | {"tags": [tag, own, merged]} | fields),
        )
        factories.post(f"{SECRET} {kind}", author=lonely, series=alone, tags=[own], **fields)
        hidden.append(post)
    merge_tags(own, [merged])
    relate(Post.objects.values_list("pk", flat=True))
    # As if they were related before the others were taken down.
    pks = [post.pk for post in hidden]
    Post.objects.exclude(pk__in=pks).update(related=pks)
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"home_layout": "magazine", "offers_markdown": True}
    )
    return hidden[0]


def test_nothing_hidden_shows_anywhere(client, people):
    hide(people, *HIDDEN)
    assert SECRET not in client.get("/").text
    SiteSettings.objects.update(home_layout="list")
    quiet = Post.objects.filter(visibility="unlisted")
    unlisted = {f"/{post.slug}{end}" for post in quiet for end in ("/", ".md")}
    for address in addresses():
        page = client.get(address)
        shown = page.text.replace(f"<code>{address}</code>", "")
        if address not in unlisted:
            assert SECRET not in shown, (address, page.status_code)
            nowhere = SECRET in address or "1987" in address
            assert page.status_code == (404 if nowhere else 200), address
        assert "Location" not in page.headers
    for address in ("/tags/sea/", "/authors/ines/"):
        assert "2 posts" in client.get(address).text
    assert "2 parts" in client.get("/series/log/").text
    assert json.loads(client.get(f"/search/feed.json?q={SECRET}").content)["items"] == []


def test_posts_for_members_are_told_of_where_the_owner_says_so(client, people):
    hidden = hide(people, "members")
    SiteSettings.objects.update(lists_members_posts=True)
    for address in addresses():
        page = client.get(address)
        assert f"{SECRET} body" not in page.text, address
        if address not in NOWHERE and page.status_code != 301:
            is_copy = SECRET in address and address.endswith(".md")
            assert page.status_code == (404 if is_copy else 200), address
    hidden.cover, hidden.dek = None, ""
    save_post(hidden, by=hidden.author)
    gate = client.get(hidden.get_absolute_url())
    assert "The rest is for members" in gate.text
    assert "/admin/login/?next=/zephyr-note/" in gate.text
    client.force_login(people["Reader"])
    assert f"{SECRET} body" in client.get(hidden.get_absolute_url()).text
