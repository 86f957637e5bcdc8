"""Old addresses lead on, by one step; what leads nowhere is counted."""

from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext, override_script_prefix
from django.utils import timezone

from blogsite.pagecache import PageCache
from blogsite.site.models import SiteSettings
from posts.models import NotFound, Redirect, SlugHistory
from posts.services import dead_addresses
from posts.services.addresses import new_address
from posts.services.dead_addresses import prune
from posts.services.saving import save_post
from posts.services.suggestions import suggested_posts
from tests import factories
from tests.pagecache.reader import ask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_throttle_from_other_tests():
    dead_addresses._written.clear()


def rename(post, slug):
    post.slug = slug
    return save_post(post, by=post.author)


def redirect(path, target="", post=None):
    return Redirect.objects.create(path=path, target=target, post=post)


# -- posts that moved ------------------------------------------------------------------------


def test_every_old_address_leads_to_the_present_one_in_one_step(client):
    post = rename(rename(factories.post("First"), "second"), "third")
    for old in ("/first/", "/second/", "/first"):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, "/third/")
    assert client.get(post.get_absolute_url()).status_code == 200


def test_going_back_to_an_old_address_makes_no_loop(client):
    post = rename(rename(factories.post("First"), "second"), "first")
    assert client.get("/first/").status_code == 200
    assert client.get("/second/")["Location"] == "/first/"
    assert list(SlugHistory.objects.values_list("slug", "post")) == [("second", post.pk)]


def test_two_posts_that_swap_addresses_are_both_found(client):
    one, other = factories.post("One"), factories.post("Other")
    rename(one, "between")
    rename(other, "one")
    rename(one, "other")
    for slug in ("one", "other"):
        assert client.get(f"/{slug}/").status_code == 200
    assert client.get("/between/")["Location"] == "/other/"


def test_a_draft_takes_no_address_away_until_it_is_out(client):
    post = rename(factories.post("First"), "second")
    other = factories.draft("Other", slug="first")
    assert client.get("/first/")["Location"] == post.get_absolute_url()
    other.state = "published"
    save_post(other, by=other.author)
    assert client.get("/first/").status_code == 200


@pytest.mark.parametrize(
    "hidden", [{"visibility": "members"}, {"state": "draft"}, {"trashed_at": timezone.now()}]
)
def test_nobody_is_led_to_what_the_public_may_not_read(client, people, hidden):
    post = rename(factories.post("First"), "second")
    type(post).objects.filter(pk=post.pk).update(**hidden)
    redirect("/elsewhere", post=post)
    if "visibility" not in hidden:
        client.force_login(people["Stranger"])
    for path in ("/first/", "/elsewhere/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "second" not in answer.text


def test_members_are_led_to_what_members_may_read(client, people):
    post = rename(factories.post("First", visibility="members"), "second")
    redirect("/elsewhere", post=post)
    for path in ("/first/", "/elsewhere/"):
        assert client.get(path).status_code == 404
    client.force_login(people["Reader"])
    for path in ("/first/", "/elsewhere/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, "/second/")
        assert "Cookie" in answer["Vary"]


def test_strangers_are_led_to_the_gate_of_a_post_they_are_told_of(client):
    SiteSettings.objects.update_or_create(pk=1, defaults={"lists_members_posts": True})
    post = rename(factories.post("First", visibility="members"), "second")
    redirect("/elsewhere", post=post)
    for path in ("/first/", "/elsewhere/"):
        assert client.get(path)["Location"] == "/second/"
    assert "The rest is for members" in client.get("/second/").text


def test_an_address_that_was_never_out_is_let_go():
    post = factories.post("Later", published_at=timezone.now() + timedelta(days=1))
    rename(post, "later-still")
    assert not SlugHistory.objects.exists()


def test_the_query_comes_along_to_a_post(client):
    rename(factories.post("First"), "second")
    assert client.get("/first/?ref=mail&x=%C3%BC")["Location"] == "/second/?ref=mail&x=%C3%BC"


# -- redirects -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/%2500/x", "/a%3Fb/c", "/%C3%28/x", "/100%25/x"])
def test_strange_paths_are_just_not_there(client, path):
    redirect("/a", "/b/")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/2019/05/old-post.html", "/2019/05/old-post.html/", "/über"])
def test_a_redirect_answers_at_any_path(client, path):
    redirect("/2019/05/old-post.html", "https://elsewhere.example/new?a=1")
    redirect("/über", "https://elsewhere.example/new?a=1")
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (301, "https://elsewhere.example/new?a=1")
    assert answer["Cache-Control"] == "no-cache"


def test_a_redirect_to_a_post_follows_it(client):
    post = factories.post("First")
    redirect("/2019/05/old.html", post=post)
    rename(post, "second")
    assert client.get("/2019/05/old.html")["Location"] == "/second/"


def test_a_redirect_to_a_path_becomes_one_to_the_post_that_takes_it(client):
    redirect("/old.html", "/coming/")
    post = factories.post("Coming")
    assert Redirect.objects.get().post == post
    rename(post, "came")
    assert client.get("/old.html")["Location"] == "/came/"


def test_a_live_post_wins_over_a_redirect_of_its_address(client):
    redirect("/first", "https://elsewhere.example/")
    factories.post("First")
    assert client.get("/first/").status_code == 200
    assert not Redirect.objects.exists()


def test_whatever_is_sent_is_sent_on_unchanged(client):
    redirect("/old/form", "/new/form")
    assert client.post("/old/form", {"a": 1}).status_code == 308
    assert client.head("/old/form").status_code == 301


def test_chains_and_circles_in_the_table_reach_no_reader(client):
    redirect("/a", "/b")
    redirect("/b", "/c/")
    redirect("/c", "https://elsewhere.example/")
    redirect("/x", "/y/")
    redirect("/y", "/x/")
    assert client.get("/a/")["Location"] == "https://elsewhere.example/"
    assert client.get("/x/").status_code == 404


def test_a_place_on_a_page_outlives_the_move_of_the_page(client):
    rename(factories.post("First"), "second")
    redirect("/part", "/first/#chapter-2")
    assert client.get("/part")["Location"] == "/second/#chapter-2"


def test_the_prefix_of_the_site_is_put_in_front(client):
    redirect("/old/one", "/new/one/")
    rename(factories.post("First"), "second")
    with override_script_prefix("/blog/"):
        assert client.get("/old/one")["Location"] == "/blog/new/one/"
        assert client.get("/first/")["Location"] == "/blog/second/"


def test_pages_that_are_found_ask_for_no_redirect(client):
    post = factories.post()
    with CaptureQueriesContext(connection) as asked:
        client.get(post.get_absolute_url())
    assert asked.captured_queries
    assert not _looks_for_addresses(asked)


def test_what_the_site_answers_itself_is_not_looked_up(client):
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/media/missing/none.jpg").status_code == 404
    assert not _looks_for_addresses(asked)


def _looks_for_addresses(asked):
    tables = ("posts_redirect", "posts_slughistory", "posts_notfound")
    return [query for query in asked if any(table in query["sql"] for table in tables)]


# -- dead addresses --------------------------------------------------------------------------


def test_a_dead_address_is_counted_with_where_it_was_seen(client):
    seen = {"Referer": "https://user:pw@forum.example/thread/7?token=secret#x"}
    client.get("/old/page.html", headers=seen)
    client.get("/old/page.html/")
    row = NotFound.objects.get()
    assert (row.path, row.count) == ("/old/page.html", 2)
    assert row.referrer == "forum.example/thread/7"
    assert row.last_at >= row.first_at


def test_a_missing_slug_is_counted_once_however_it_is_spelled(client):
    assert client.get("/missing", follow=True).status_code == 404
    assert NotFound.objects.get().count == 1


@pytest.mark.parametrize(
    "path", ["/preview/abcdef/", "/admin/nothing/", "/media/x.jpg", "/", "/x" * 300, "/a\u202eb/"]
)
def test_secrets_noise_and_our_own_are_not_counted(client, path):
    client.get(path)
    assert not NotFound.objects.exists()


def test_secret_addresses_are_not_kept_as_the_place_it_was_seen(client):
    client.get("/dead/one", headers={"Referer": "http://testserver/preview/secret/"})
    assert NotFound.objects.get().referrer == ""


def test_only_readers_count(client):
    client.post("/dead/one")
    client.head("/dead/one")
    assert not NotFound.objects.exists()


def test_a_scanner_is_not_written_down_for_ever(client, monkeypatch):
    monkeypatch.setattr(dead_addresses, "MOST_A_SECOND", 10_000)
    monkeypatch.setattr(dead_addresses, "FOR_ONE_CLIENT", 3)
    for n in range(6):
        assert client.get(f"/scan/{n}.php").status_code == 404
    assert NotFound.objects.count() == 3
    client.get("/dead/one", REMOTE_ADDR="198.51.100.4")
    assert NotFound.objects.filter(path="/dead/one").exists()


def test_many_clients_at_once_do_not_become_many_writes(client, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(dead_addresses, "monotonic", lambda: now[0])
    for n in range(20):
        client.get(f"/scan/{n}.php", REMOTE_ADDR=f"198.51.100.{n}")
    assert NotFound.objects.count() == dead_addresses.MOST_A_SECOND
    now[0] += 1
    client.get("/scan/20.php", REMOTE_ADDR="198.51.100.20")
    assert NotFound.objects.count() == dead_addresses.MOST_A_SECOND + 1


def test_the_404_page_comes_though_nothing_can_be_written(client, monkeypatch):
    def refuse(*_args, **_rest):
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(dead_addresses, "_count", refuse)
    assert client.get("/dead/one").status_code == 404
    monkeypatch.setattr("posts.views.missing.new_address", refuse)
    assert client.get("/dead/one").status_code == 404


def test_the_table_is_bounded_and_keeps_what_readers_ask_for_again():
    old = timezone.now() - timedelta(days=9)
    for path, count in (("/often", 7), ("/once-long-ago", 1), ("/once", 1)):
        NotFound.objects.create(path=path, count=count)
    NotFound.objects.exclude(path="/once").update(last_at=old)
    prune(most=2)
    assert set(NotFound.objects.values_list("path", flat=True)) == {"/often", "/once"}
    prune(most=1)
    assert NotFound.objects.get().path == "/often"


# -- through the page cache, which asks for everybody ----------------------------------------


@pytest.fixture
def site(db):
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    process = PageCache(WSGIHandler())
    yield process
    process.watcher.stop()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("cookie", [{}, {"cookie": "theme=dark"}])
def test_readers_are_led_on_with_their_query(site, cookie):
    redirect("/old/page", post=rename(factories.post("First"), "second"))
    for path in ("/first/?ref=mail", "/old/page?ref=mail", "/first?ref=mail"):
        answer = ask(site, path, **cookie)
        assert (answer.status, answer.headers["Location"]) == (301, "/second/?ref=mail")


@pytest.mark.parametrize("cookie", [{}, {"cookie": "theme=dark"}])
@pytest.mark.parametrize("path", ["/missing/", "/not/here.html"])
def test_each_reader_of_a_dead_address_counts_once(site, cookie, path):
    for reader in ("198.51.100.1", "198.51.100.2"):
        seen = {"referer": "https://forum.example/thread?token=1"}
        answer = ask(site, path, environ={"REMOTE_ADDR": reader}, **seen, **cookie)
        assert answer.status == 404
    row = NotFound.objects.get()
    assert (row.path, row.count) == (path.rstrip("/"), 2)
    assert row.referrer == "forum.example/thread"


# -- suggestions -----------------------------------------------------------------------------


def test_suggestions_share_words_and_are_public(django_assert_num_queries):
    tide = factories.post("The tide at night")
    tools = factories.post("Sharpening tools", slug="edges")
    factories.post("The tide table", visibility="members")
    factories.draft("Tide draft")
    with django_assert_num_queries(1):
        found = suggested_posts(
            ["/2019/05/the-tides-at-night.html", "/sharpening-tool", "/wp-login.php"]
        )
    pks = [[suggestion.pk for suggestion in likely] for likely in found.values()]
    assert pks == [[tide.pk], [tools.pk], []]


def test_new_address_of_nothing_is_nothing():
    assert new_address("/nothing/here") is None
