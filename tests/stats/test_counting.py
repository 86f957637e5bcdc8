"""What is counted when people, robots and feed readers ask the whole site for its pages."""

import itertools
from datetime import date, timedelta
from unittest import mock

import time_machine
from django.db import OperationalError
from django.utils import timezone

from blogsite.pagecache.models import PageStamp
from blogsite.site.models import SiteSettings
from blogsite.stats import batch
from blogsite.stats.batch import Batch
from blogsite.stats.models import SITE, DayCount
from blogsite.stats.tasks import prune_statistics
from posts.services.saving import delete_posts
from tests import factories
from tests.stats.conftest import FIREFOX, counted, seen

PEOPLE = [
    FIREFOX,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 13; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36",
    "Lynx/2.9.2 libwww-FM/2.14",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)",
]
ROBOTS = [
    "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
    "+https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/130.0.0.0 Safari/537.36",
    "facebookexternalhit/1.1",
    "curl/8.5.0",
    "python-requests/2.32",
    "Miniflux/2.2.2",
    *["Mozilla/5.0 (compatible; GoogleOther)", "Mozilla/5.0 zgrab/0.x", "Mozilla/5.0"],
    "Mozilla/5.0 (compatible; NetcraftSurveyAgent/1.0; info@netcraft.com)",
]


def test_pages_are_counted_for_people_kept_ones_and_unchanged_ones_too(
    get, tally, django_assert_num_queries
):
    post, unlisted = factories.post("Low water"), factories.post("Quiet", visibility="unlisted")
    first = get("/low-water/")
    with django_assert_num_queries(0):
        assert get("/low-water/").status == 200
    assert get("/low-water/", if_none_match=first.headers["ETag"]).status == 304
    for agent in PEOPLE:
        assert get("/", user_agent=agent).status == 200
    get("/quiet/")
    stamps = list(PageStamp.objects.order_by("key").values())
    tally.flush()
    assert counted() == {post.pk: 3, unlisted.pk: 1, SITE: len(PEOPLE)}
    get("/low-water/")
    tally.flush(), tally.flush()
    assert counted()[post.pk] == 4
    assert list(PageStamp.objects.order_by("key").values()) == stamps


def test_robots_and_what_is_no_view_are_not_counted(get, tally):
    factories.post("Low water")
    factories.post("Secret", visibility="members"), factories.draft("Draft")
    for agent in ROBOTS:
        assert get("/low-water/", user_agent=agent).status == 200
    get("/low-water/", method="HEAD"), get("/low-water/", method="POST")
    get("/low-water/", sec_purpose="prefetch;prerender"), get("/", x_moz="prefetch")
    for address in ("/secret/", "/draft/", "/nowhere/", "/low-water", "/archive/", "/robots.txt"):
        get(address)
    get("/feed.xml", sec_fetch_dest="document"), get("/feed.xml", user_agent=ROBOTS[1])
    tally.flush()
    assert not DayCount.objects.exists()


def test_referrers_are_hosts_of_others_and_few(get, tally, monkeypatch):
    monkeypatch.setitem(batch.MOST, "referrer", 3)
    post = factories.post("Low water")
    links = [
        *["https://News.Example.org/item?id=1&user=secret", "https://www.news.example.org/"],
        *[
            "http://testserver/",
            "http://testserver:80/low-water/",
            "about:blank",
            "http://[::1",
            "x",
        ],
        *["https://localhost/", f"https://{'a' * 120}.example/", "https://xn--bcher-kva.example/a"],
        *["android-app://com.example.app/", "https://<script>.example/"],
    ]
    for link in links:
        get("/low-water/", referer=link)
    get("/low-water/", referer="https://tracked.example/", dnt="1")
    get("/low-water/", referer="https://tracked.example/", sec_gpc="1")
    tally.flush()
    assert counted() == {post.pk: len(links) + 2}
    assert counted("referrer") == {"news.example.org": 2, "xn--bcher-kva.example": 1}
    for n in range(5):
        get("/low-water/", referer=f"https://spam{n}.example/")
    get("/", referer="https://news.example.org/")
    get("/low-water/", referer="https://news.example.org/")
    tally.flush()
    assert counted("referrer")["news.example.org"] == 3
    assert DayCount.objects.filter(kind="referrer").count() == 3


def test_feed_readers_are_estimated_and_their_marks_forgotten(get, tally):
    factories.post("Low water")
    feedly = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; like FeedFetcher)"
    for number in (16, 40, 12):
        get("/feed.xml", user_agent=feedly.format(number))
    get("/atom.xml", user_agent="NewsBlur Feed Fetcher - 3 subscribers - https://newsblur.com/")
    for address, agent in itertools.product(("192.0.2.1", "192.0.2.2"), ("Miniflux/2", "FreshRSS")):
        get("/feed.json", user_agent=agent, environ={"REMOTE_ADDR": address})
    get("/feed.xml", user_agent="Miniflux/2", environ={"REMOTE_ADDR": "192.0.2.2"})
    get("/feed.xml", user_agent="Liferea", dnt="1")
    tally.flush()
    assert counted("readers") == {"Feedly": 40, "NewsBlur": 3, SITE: 4}
    assert counted() == {}
    marks = set(counted("program"))
    assert len(marks) == 4
    assert not any("192.0.2" in mark or "Miniflux" in mark for mark in marks)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        get("/feed.xml", user_agent="Miniflux/2")
        tally.flush()
        assert len(counted("program")) == counted("readers")[SITE] == 1
    assert counted("program") == {}
    assert counted("readers")[SITE] == 4


def test_days_begin_at_midnight_where_the_site_is(get, tally):
    site = SiteSettings.current()
    site.time_zone = "Asia/Tokyo"  # nine hours before
    site.save()
    with time_machine.travel("2026-03-01T14:59:58+00:00", tick=False) as clock:
        post = factories.post("Low water")
        get("/low-water/")
        clock.shift(2)
        get("/low-water/"), get("/low-water/")
        clock.shift(timedelta(hours=23, minutes=59, seconds=59))
        get("/low-water/")
        tally.flush()
        site.time_zone = "Pacific/Kiritimati"  # where the next day has begun
        site.save()
        SiteSettings.current()
        get("/low-water/")
        tally.flush()
    assert counted(day=date(2026, 3, 1)) == {post.pk: 1}
    assert counted(day=date(2026, 3, 2)) == {post.pk: 3}
    assert counted(day=date(2026, 3, 3)) == {post.pk: 1}


def test_nothing_is_lost_while_the_database_is_away(get, tally, caplog, monkeypatch):
    post = factories.post("Low water")
    (
        get("/low-water/", referer="https://news.example/"),
        get("/feed.xml", user_agent="Xy, 4 readers"),
    )
    with mock.patch.object(Batch, "write", side_effect=OperationalError("away")):
        tally.flush()
        assert get("/low-water/", referer="https://news.example/").status == 200
        get("/feed.xml", user_agent="Xy, 5 readers"), get("/feed.xml", user_agent="Xy, 2 readers")
        tally.flush()
    assert caplog.text.count("views.unwritten") == 1
    tally.flush()
    assert counted() == {post.pk: 2}
    assert counted("referrer") == {"news.example": 2}
    assert counted("readers") == {"Xy": 5}
    monkeypatch.setattr(batch, "MOST_WAITING", 2)
    for pk in range(100):
        tally.note(f"post:{pk}", {"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": FIREFOX})
    with mock.patch.object(Batch, "write", side_effect=OperationalError("away")):
        tally.flush()
    assert len(tally._batch) == 2
    with mock.patch("blogsite.stats.counting.is_person", side_effect=RuntimeError):
        assert get("/low-water/").status == 200
        tally.flush()
    assert "views.uncounted" in caplog.text


def test_a_deleted_post_takes_its_figures_along(get, tally, people):
    post, other = factories.post("Low water"), factories.post("High water")
    get("/low-water/", referer="https://news.example/"), get("/high-water/")
    tally.flush()
    get("/low-water/")
    delete_posts([post])
    tally.flush()
    assert list(DayCount.objects.values_list("post_id", flat=True)) == [other.pk]


def test_figures_are_kept_for_two_years(db):
    today, post = timezone.localdate(), factories.post()
    old = seen(today - timedelta(days=740), 5, post=post)
    young = seen(today - timedelta(days=720), 5, post=post)
    front = seen(today, 1)
    seen(today, 1, post=post.pk + 1000)
    over = seen(today - timedelta(days=1), 1, kind="program", name="mark")
    now = seen(today, 1, kind="program", name="mark")
    prune_statistics.call()
    left = set(DayCount.objects.values_list("pk", flat=True))
    assert left == {young.pk, front.pk, now.pk}
    assert not left & {old.pk, over.pk}


def test_writing_costs_few_statements_however_much_there_is(db, django_assert_max_num_queries):
    posts = [factories.post(f"Post {n}") for n in range(3)]
    lot, today = Batch(), timezone.localdate()
    for post in posts:
        lot.count(("view", today, post.pk, ""), 3)
        for n in range(100):
            lot.count(("referrer", today, post.pk, f"h{n}.example"))
    with django_assert_max_num_queries(6):
        lot.write()
    assert DayCount.objects.count() == 303


def test_odd_names_are_no_error(tally, db, caplog):
    for agent in (
        "Mozilla/5.0 (" + "a" * 9000,
        "Mozilla/5.0 (\xff\x00",
        "(" * 250,
        "9" * 20 + " readers",
    ):
        for name in ("home", "feed"):
            asked = {"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": agent, "HTTP_REFERER": agent}
            tally.note(name, asked)
    tally.flush()
    assert "views.un" not in caplog.text
    assert counted() == {SITE: 2}
