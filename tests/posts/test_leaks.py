"""What is hidden is hidden everywhere: one look at every public address for a secret word."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blogsite.site.models import SiteSettings
from posts.models import Post, Tag
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


def addresses() -> list[str]:
    """Every public address there is, those of what only the hidden post has included."""
    fixed = ["posts:home", "posts:archive", "posts:tags", "posts:series_index", "posts:authors"]
    found = [reverse(name) for name in fixed]
    for post in Post.objects.select_related("series", "author").prefetch_related("tags"):
        found += [post.get_absolute_url(), reverse("posts:author", args=[post.author.slug])]
        found += [tag.get_absolute_url() for tag in post.tags.all()]
        found += [post.series.get_absolute_url()] if post.series else []
    month = timezone.localtime(NOW - 2 * HOUR)
    found += [f"/archive/{month:%Y}/", f"/archive/{month:%Y/%m}/", "/tags/zephyr-merged/"]
    return [*dict.fromkeys(found), *NOWHERE]


@pytest.fixture
def hidden(request, people):
    """Between two public posts, sharing everything with them, and with things of its own."""
    tag, series = factories.tag("Sea"), factories.series("Log")
    shared = {"author": people["Author"], "series": series, "tags": [tag]}
    for number, hours in enumerate((5, 1), 1):
        when = NOW - hours * HOUR
        factories.post(f"Note {number}", published_at=when, series_position=number, **shared)
    fields = {"published_at": NOW - 2 * HOUR, "is_featured": True, **HIDDEN[request.param]}
    own = factories.tag(f"{SECRET} topic")
    merged = Tag.objects.create(name=f"{SECRET} merged")
    post = factories.post(
        f"{SECRET} note",
        dek=f"{SECRET} dek",
        body=f"{SECRET} body",
        cover=factories.image(people["Author"]),
        cover_caption=SECRET,
        series_position=3,
        **(shared | {"tags": [tag, own, merged]} | fields),
    )
    lonely = factories.user(f"{SECRET}er", role="Author")
    alone = factories.series(f"{SECRET} saga")
    factories.post(f"{SECRET} two", author=lonely, series=alone, tags=[own], **fields)
    merge_tags(own, [merged])
    relate(Post.objects.values_list("pk", flat=True))
    # As if they were related before the one was taken down.
    Post.objects.exclude(pk=post.pk).update(related=[post.pk])
    return post


@pytest.mark.parametrize("hidden", HIDDEN, indirect=True)
def test_nothing_hidden_shows_anywhere(client, hidden):
    SiteSettings.objects.update_or_create(pk=1, defaults={"home_layout": "magazine"})
    assert SECRET not in client.get("/").text
    SiteSettings.objects.update(home_layout="list")
    unlisted = {p.get_absolute_url() for p in Post.objects.filter(visibility="unlisted")}
    for address in addresses():
        page = client.get(address)
        asked = address.strip("/").rsplit("/")[-1]
        shown = page.text.replace(f"<code>{address}</code>", "")
        if address not in unlisted:
            assert SECRET not in shown, (address, page.status_code)
            assert page.status_code == (404 if SECRET in asked or "1987" in address else 200)
        assert "Location" not in page.headers
    for address in ("/tags/sea/", f"/authors/{hidden.author.slug}/"):
        assert "2 posts" in client.get(address).text
    assert "2 parts" in client.get("/series/log/").text


@pytest.mark.parametrize("hidden", ["members"], indirect=True)
def test_posts_for_members_are_told_of_where_the_owner_says_so(client, people, hidden):
    SiteSettings.objects.update_or_create(pk=1, defaults={"lists_members_posts": True})
    for address in addresses():
        page = client.get(address)
        assert f"{SECRET} body" not in page.text, address
        if address not in NOWHERE and page.status_code != 301:
            assert page.status_code == 200, address
    SiteSettings.objects.update(home_layout="magazine")
    hidden.cover, hidden.dek = None, ""
    save_post(hidden, by=hidden.author)
    gate = client.get(hidden.get_absolute_url())
    assert "The rest is for members" in gate.text
    assert "/admin/login/?next=/zephyr-note/" in gate.text
    client.force_login(people["Reader"])
    assert f"{SECRET} body" in client.get(hidden.get_absolute_url()).text
