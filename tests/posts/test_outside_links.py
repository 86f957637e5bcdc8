from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone

from blogsite.lib import markdown, net
from blogsite.site.models import SiteSettings
from blogsite.tasks.worker import drain
from posts import outside_links
from posts.links import outside_addresses
from posts.models import OutsideLink, Post
from posts.outside_links import look_at_due_links, note_outside_links
from posts.tasks import check_outside_links
from tests import factories
from tests.web import Web, loopback, serving

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture
def post(db: None) -> Post:
    """With nothing on its check list."""
    post = factories.post()
    Post.objects.update(problems="")
    return post


def look(**rules) -> int:
    return look_at_due_links(**{"judge": loopback, "pause": 0, **rules})


def link(post: Post, url: str, **fields) -> OutsideLink:
    return OutsideLink.objects.create(post=post, url=url, **fields)


def state(url: str) -> tuple[str, str, int]:
    row = OutsideLink.objects.get(url=url)
    return row.state, row.answer, row.failures


def problems(post: Post) -> str:
    return Post.objects.values_list("problems", flat=True).get(pk=post.pk)


# -- which links a post has ------------------------------------------------------------------


def test_addresses_of_other_sites_are_found_once_each():
    rendered = markdown.render(
        "[a](https://example.com/a#top) [b](https://example.com/a#end) <http://example.org>"
        " [c](/inside/) [d](mailto:a@example.com) [e](//example.net/e) [f](#g)"
        " ![i](https://example.com/i.jpg) [j](http://testserver/j/)"
    )
    assert outside_addresses(rendered) == [
        "https://example.com/a",
        "http://example.org",
        "https://example.net/e",
        "https://example.com/i.jpg",
    ]


def noted(post):
    return list(post.outside_links.values_list("url", flat=True))


def test_rows_follow_the_text_and_what_is_known_stays(post, django_assert_num_queries):
    link(post, "https://example.com/stays", state="alive", answer="200")
    link(post, "https://example.com/goes", state="dead", answer="404")
    other = link(factories.post(), "https://example.com/goes")
    urls = ["https://example.com/new", "https://example.com/stays", "https://example.com/new"]
    known = noted(post)
    with django_assert_num_queries(2):
        note_outside_links(post, urls, known)
    rows = OutsideLink.objects.filter(post=post).order_by("url")
    assert list(rows.values_list("url", "state")) == [
        ("https://example.com/new", "unknown"),
        ("https://example.com/stays", "alive"),
    ]
    other.refresh_from_db()
    known = noted(post)
    with django_assert_num_queries(0):
        note_outside_links(post, urls, known)
    with django_assert_num_queries(1):
        note_outside_links(post, [], known)
    assert not post.outside_links.exists()


def test_queries_do_not_grow_with_the_links(post, django_assert_num_queries):
    note_outside_links(post, ["https://example.com/old"], [])
    known = noted(post)
    with django_assert_num_queries(2):
        note_outside_links(post, [f"https://example.com/{n}" for n in range(1000)], known)
    assert post.outside_links.count() == outside_links.MOST_PER_POST
    note_outside_links(post, ["https://example.com/" + "x" * 2000], noted(post))
    assert not post.outside_links.exists()


# -- what is asked ---------------------------------------------------------------------------


def test_living_link_is_asked_once_a_week(post, web):
    url = link(post, web.says("/")).url
    with time_machine.travel(NOON, tick=False) as clock:
        assert look() == 1
        assert state(url) == ("alive", "200", 0)
        clock.shift(timedelta(days=6, hours=23))
        assert look() == 0
        clock.shift(timedelta(hours=1))
        assert look() == 1
    assert web.requests == ["HEAD /", "HEAD /"]


def test_redirected_link_is_alive(post, web):
    web.says("/new")
    url = link(post, web.says("/old", 301, Location="/new")).url
    look()
    assert state(url) == ("alive", "200", 0)


def test_nonsense_from_one_site_does_not_hold_up_the_others(post, web):
    bad = link(post, web.says("/bad", 302, Location="http://[")).url
    good = link(post, web.says("/good")).url
    assert look() == 2
    assert (state(bad)[0], state(good)[0]) == ("unsure", "alive")


@pytest.mark.parametrize("status", outside_links.ASK_AGAIN)
def test_server_that_dislikes_head_is_asked_properly(post, web, status):
    web.replies["/"] = lambda method: (200 if method == "GET" else status, {}, b"x" * 100_000)
    url = link(post, web.url("/")).url
    look()
    assert web.requests == ["HEAD /", "GET /"]
    assert state(url) == ("alive", "200", 0)


def test_who_asks_says_so(post, web, settings):
    SiteSettings.objects.update_or_create(pk=1, defaults={"title": "Café (Nord)\nTide"})
    settings.CANONICAL_HOST, settings.SECURE_SSL_REDIRECT = "blog.example.org", True
    link(post, web.says("/"))
    look()
    assert web.heard[0]["User-Agent"] == (
        "Cafe NordTide (link check by Blogsite; +https://blog.example.org/)"
    )


def test_link_of_two_posts_is_asked_once(post, web):
    url = web.says("/", 500)
    rows = [link(post, url), link(factories.post(), url)]
    assert look() == 1
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.answer) == ("unsure", "500")


def test_links_of_posts_in_the_trash_are_not_asked(post, web):
    link(post, web.says("/"))
    Post.objects.update(trashed_at=timezone.now())
    assert look() == 0
    Post.objects.update(trashed_at=None, state="draft", published_at=None)
    assert look() == 1


def test_private_addresses_are_never_asked(post, web):
    """With the strict judge, as the chore has it."""
    url = link(post, web.says("/")).url
    look_at_due_links(pause=0)
    assert web.asked == []
    assert state(url) == ("unsure", "It lies in a private network.", 1)


# -- what is made of it ----------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_link_is_dead_when_gone_on_two_days(post, web, status):
    url = link(post, web.says("/", status)).url
    with time_machine.travel(NOON, tick=False) as clock:
        look()
        assert state(url) == ("unsure", str(status), 1)
        assert problems(post) == ""
        clock.shift(timedelta(hours=23))
        assert look() == 0
        clock.shift(timedelta(hours=1))
        look()
        assert state(url) == ("dead", str(status), 2)
        assert problems(post) == " outside "


def test_two_looks_on_one_day_prove_nothing(post):
    row = OutsideLink(post=post, answer="404", checked_at=NOON)
    assert outside_links._state(row, "404", NOON + timedelta(hours=11)) == "unsure"
    assert outside_links._state(row, "404", NOON + timedelta(hours=13)) == "dead"


def test_dead_link_that_comes_back_is_no_problem_any_more(post, web):
    Post.objects.update(problems=" alt outside tags ")
    url = link(post, web.says("/"), state="dead", answer="404", failures=2).url
    link(post, web.url("/b"), state="alive", checked_at=timezone.now())
    look()
    assert state(url) == ("alive", "200", 0)
    assert problems(post) == " alt tags "


def test_problem_is_put_among_the_others_and_stays_while_one_link_is_dead(post, web):
    Post.objects.update(problems=" alt tags ")
    link(post, web.says("/a"))
    link(post, web.url("/b"), state="dead", answer="404", checked_at=timezone.now())
    look()
    assert problems(post) == " alt outside tags "


@pytest.mark.parametrize("status", [400, 401, 403, 418, 429, 451, 500, 502, 503, 504, 999])
def test_refusals_and_errors_never_make_a_link_dead(post, web, status):
    url = link(post, web.says("/", status)).url
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(4):
            OutsideLink.objects.update(checked_at=None)
            look()
            clock.shift(timedelta(days=8))
    assert state(url)[:2] == ("unsure", str(status))
    assert problems(post) == ""


def test_error_between_two_days_of_absence_starts_anew(post, web):
    url = link(post, web.says("/", 404)).url
    with time_machine.travel(NOON, tick=False) as clock:
        for status in (404, 500, 404):
            web.says("/", status)
            look()
            clock.shift(timedelta(days=4))
        assert state(url) == ("unsure", "404", 3)
        clock.shift(timedelta(days=4))
        look()
    assert state(url)[0] == "dead"


def test_silence_is_unsure_and_asked_again_less_and_less(post):
    with serving() as gone:
        url = link(post, gone.url("/")).url
    days = []
    with time_machine.travel(NOON, tick=False) as clock:
        for day in range(40):
            if look():
                days.append(day)
            clock.shift(DAY)
    assert days == [0, 1, 3, 7, 14, 21, 28, 35]
    assert state(url) == ("unsure", "Nobody answers there.", 8)


def test_unknown_host_is_gone_only_for_who_has_a_way_out(post, web, monkeypatch):
    def get(url: str, **rules) -> net.Answer:
        if "gone.example" in url:
            raise net.NoSuchHost(net.NO_SUCH_HOST)
        return real(url, **rules)

    real = net.get
    monkeypatch.setattr(net, "get", get)
    url = link(post, "https://gone.example/").url
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            look()
            assert state(url)[:2] == ("unsure", net.NO_NAME_SERVER)
            clock.shift(timedelta(days=4))
        link(post, web.says("/"))
        OutsideLink.objects.filter(url=url).update(checked_at=NOON)
        assert look() == 2
        assert state(url)[:2] == ("unsure", net.NO_SUCH_HOST)
        clock.shift(timedelta(days=7))
        look()
        assert state(url)[:2] == ("dead", net.NO_SUCH_HOST)


# -- manners ---------------------------------------------------------------------------------


def test_one_host_is_asked_with_pauses_and_others_meanwhile(post, web):
    with serving() as other:
        for number in range(3):
            link(post, web.says(f"/{number}"))
        link(post, other.says("/"))
        began = time.monotonic()
        assert look(pause=0.3) == 4
    moments = [moment for *_rest, moment in web.asked]
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(moments))
    assert other.asked[0][3] < moments[2]
    assert time.monotonic() - began < 10


def test_time_for_all_is_limited_and_the_rest_comes_next_time(post, web):
    for number in range(6):
        link(post, web.says(f"/{number}"))
    first = look(pause=0.2, seconds=0.5)
    assert 1 <= first < 6
    assert first + look() == 6


@pytest.mark.parametrize(
    ("status", "after", "quiet"),
    [
        (429, "7200", timedelta(hours=2)),
        (429, "", timedelta(hours=1)),
        (429, "rubbish", timedelta(hours=1)),
        (429, "99999999999999", timedelta(hours=1)),
        (429, "0", timedelta(minutes=1)),
        (429, "999999999", timedelta(days=7)),
        (503, "7200", timedelta(hours=2)),
        (503, "", None),
        (200, "7200", None),
    ],
)
def test_quiet_is_as_long_as_the_host_asks_for(web, status, after, quiet):
    headers = {"Retry_After": after} if after else {}
    answer = net.get(web.says("/", status, b"", **headers), judge=loopback)
    found = outside_links._quiet(answer)
    assert found == quiet or abs(found - quiet) < timedelta(seconds=5)


def test_quiet_may_be_given_as_a_date(web):
    until = format_datetime(timezone.now() + timedelta(hours=3), usegmt=True)
    answer = net.get(web.says("/", 429, b"", Retry_After=until), judge=loopback)
    quiet = outside_links._quiet(answer)
    assert quiet is not None
    assert abs(quiet - timedelta(hours=3)) < timedelta(seconds=5)


def test_host_that_asks_for_less_is_left_alone_by_everybody(post, web):
    link(post, web.says("/a", 429, b"", Retry_After="3600"))
    link(post, web.says("/b"))
    assert look() == 1
    assert look() == 0
    with serving() as other:
        link(post, other.says("/"))
        assert look() == 1
    assert web.requests == ["HEAD /a"]


def test_chore_runs_in_the_worker_with_the_strict_judge(post, web):
    url = link(post, web.says("/")).url
    result = check_outside_links.enqueue()
    drain()
    result.refresh()
    assert result.return_value == 1
    assert state(url)[:2] == ("unsure", "It lies in a private network.")


def test_link_removed_while_it_is_asked_stays_away(post, web, monkeypatch):
    row = link(post, web.says("/"))
    real = outside_links._note

    def note(rows: list[OutsideLink], heard: outside_links.Heard) -> None:
        OutsideLink.objects.filter(pk=row.pk).delete()
        real(rows, heard)

    monkeypatch.setattr(outside_links, "_note", note)
    assert look() == 1
    assert not OutsideLink.objects.exists()
