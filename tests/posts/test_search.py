"""Searching: who finds what, in which order, and that nothing hidden can be found."""

import re
from datetime import timedelta
from functools import partial
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_script_prefix
from django.utils import timezone

from accounts.services import save_person
from blogsite.site.models import SiteSettings
from posts.content import content_of
from posts.models import Post
from posts.search import search
from posts.search.asking import slips
from posts.services import steps
from posts.services.organising import delete_gatherings, merge_tags, save_gathering
from posts.services.saving import delete_posts, publish, save_draft, save_post, set_live
from posts.tasks import empty_trash, index_what_is_due
from tests import factories
from tests.pagecache.threads import people as at_once
from tests.posts.test_leaks import HIDDEN

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def found(typed: str, **how) -> list[str]:
    """The titles, best first, of what anybody may find."""
    hits = search(typed, visible=how.pop("visible", Post.objects.met()), **how).hits
    titles = dict(Post.objects.values_list("pk", "title"))
    return [titles[hit.pk] for hit in hits]


def titles(page) -> list[str]:
    return re.findall(r"<h3><a[^>]*>([^<]*)", page.text)


def site(**values) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults=values)


@pytest.fixture
def harbour(people):
    now = timezone.now()
    ines, tides = people["Author"], factories.tag("Tides")
    for number, (title, body, tags) in enumerate(
        [
            ("Harbour supper", "## A café\n\nNobody read the gauges that day.", []),
            ("Nothing", "## The gauge\n\nThe pilot came.", []),
            ("The stick and the gauge", "A float on a string.", [tides]),
            ("Chairs", "Mending **un**believable chairs[^1] in München.\n\n[^1]: Twice.", [tides]),
        ]
    ):
        factories.post(
            title, body=body, tags=tags, author=ines, published_at=now - (number + 1) * DAY
        )
    return ines


FINDS = [
    ("gauge", ["The stick and the gauge", "Nothing", "Harbour supper"]),  # by weight
    ("GAUGES", ["The stick and the gauge", "Nothing", "Harbour supper"]),  # by its stem
    ("gau", ["The stick and the gauge", "Nothing", "Harbour supper"]),  # half typed
    ("gauge pilot", ["Nothing"]),
    ("gauge -pilot", ["The stick and the gauge", "Harbour supper"]),
    ('"gauge stick"', []),
    ('"the gauge"', ["The stick and the gauge", "Nothing"]),
    ('"the gauge', ["The stick and the gauge", "Nothing"]),
    ("cafe", ["Harbour supper"]),
    ("CAFÉ", ["Harbour supper"]),
    ("munchen", ["Chairs"]),
    ("unbelievable", ["Chairs"]),
    ("tides", ["The stick and the gauge", "Chairs"]),  # a topic's name is a word as well
    ("tag:tides mending", ["Chairs"]),
    ('tag:"Tides" -tag:nobody', ["The stick and the gauge", "Chairs"]),
    ("tag:nobody gauge", []),
    ("author:ines pilot", ["Nothing"]),
    ("author:tomasz pilot", []),
    ("year:1999 pilot", []),
    ("-gauge", []),
    ("", []),
]


def test_posts_are_found(harbour):
    for typed, expected in FINDS:
        assert found(typed) == expected, typed


def test_a_year_narrows_down_where_the_site_is(people):
    site(time_zone="Pacific/Kiritimati")
    eve = timezone.now().replace(year=2019, month=12, day=31, hour=20, minute=0)
    factories.post("Eve", published_at=eve)
    assert found("year:2020 tide") == ["Eve"]
    assert found("year:2019 tide") == []
    site(time_zone="UTC")
    assert index_what_is_due.call() == 1
    assert found("year:2019 tide") == ["Eve"]
    assert index_what_is_due.call() == 0


def test_equals_are_ordered_by_time(people):
    for title, days in (("Old tide", 30), ("New tide", 1), ("Middle tide", 9)):
        factories.post(title, published_at=timezone.now() - days * DAY)
    assert found("tide") == ["New tide", "Middle tide", "Old tide"]


def test_words_of_other_languages_are_found(people):
    site(language="de")
    factories.post("Häuser", body="Die alten Häuser, Straße und Flüsse.")
    factories.post("東京の朝", body="東京都庁の前を歩く。")
    factories.post("بحر", body="كتاب عن البحر")
    factories.post("पानी", body="हिन्दी में पानी")
    assert found("haus") == found("hauser") == found("STRASSE") == ["Häuser"]
    assert found("都庁") == ["東京の朝"]
    assert found("庁都") == []
    assert found("كتاب") == ["بحر"]
    assert found("हिन्दी") == ["पानी"]


def test_a_slip_of_the_pen_is_forgiven(client, harbour):
    for typed, meant in (("guage", "gauge"), ("unbelieveble chairs", "unbelievable chairs")):
        page = client.get("/search/", {"q": typed})
        assert f"Nothing for “{typed}”" in page.text
        assert f">{meant}</a>" in page.text
        assert titles(page)
    assert "Did you mean" not in client.get("/search/", {"q": "xylophone"}).text


def test_slips_are_counted():
    pairs = [("gauge", "guage", 1), ("tide", "tides", 1), ("tide", "ride", 1), ("float", "boat", 2)]
    for one, other, apart in pairs:
        assert slips(one, other, 2) == slips(other, one, 2) == apart
        assert slips(one, "something", 2) > 2


HOSTILE = [
    '"', '""', "'", "\\", "-", "- -", "AND OR NOT", "NEAR(a b)", "a* ^b", "{title}: x", "(", ")))",
    "tag:", 'tag:"', "year:99999", "author:'; DROP", "!a & | b:*", "<->", "#t1", "'a' | 'b'", "%s",
    "%", "_" * 50, "😀", "👩‍👩‍👧", "\u202eabc", "مرحبا", "a" * 10_000, "a " * 5_000, "ｗｉｄｅ",
    "ﬁ", "\ud7ff\ufffe", "x:y:z", "½", "̀", "<script>alert(1)</script>", "0", "ΌΣΟΣ",
]  # fmt: skip


def test_whatever_is_typed_gets_a_page(client, harbour):
    for number, typed in enumerate(HOSTILE):
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
        page = client.get("/search/", {"q": typed, "topic": typed, "year": typed})
        assert page.status_code == 200, typed
        page = client.get("/search/", {"q": f"gauge {typed}"})
        assert page.status_code == 200, typed
        assert "<script>alert" not in page.text
        assert not search(f"{typed} {typed}", visible=Post.objects.all(), at_desk=True).meant
    assert client.get("/search/?q=a%00b").status_code == 400
    assert client.get("/search/?q=%ff%fe").status_code == 200
    assert client.post("/search/").status_code == 405


def test_there_is_no_page_beyond_the_end(client, harbour):
    for page in ("0", "-1", "2", "x", "9" * 30):
        assert client.get("/search/", {"q": "gauge", "page": page}).status_code == 404, page


def test_many_results_come_in_pages(client, people, django_assert_max_num_queries):
    for n in range(23):
        factories.post(f"Tide {n:02}", published_at=timezone.now() - (n + 1) * DAY)
    first = client.get("/search/", {"q": "tide"})
    assert "23 results for “tide”" in first.text
    assert titles(first) == [f"Tide {n:02}" for n in range(10)]
    assert 'href="?q=tide&amp;page=2" rel="next"' in first.text
    with django_assert_max_num_queries(12):
        last = client.get("/search/", {"q": "tide", "page": "3", "order": "newest"})
    assert titles(last) == ["Tide 20", "Tide 21", "Tide 22"]
    assert 'href="?q=tide&amp;order=newest&amp;page=2" rel="prev"' in last.text


def test_the_page_marks_the_words_and_narrows_down(client, harbour):
    page = client.get("/search/", {"q": "gauge"})
    assert page.status_code == 200
    assert "<mark>gauges</mark>" in page.text
    assert "Tides (1)" in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.text
    bare = client.get("/search/")
    assert (bare.get("X-Robots-Tag"), "noindex" in bare.text) == (None, False)
    assert '<meta name="description" content="Search in New blog">' in bare.text
    assert not page.cookies
    assert titles(client.get("/search/", {"q": "gauge", "topic": "tides"})) == [
        "The stick and the gauge"
    ]
    assert titles(client.get("/search/", {"q": "gauge", "order": "newest"}))[0] == "Harbour supper"
    chairs = client.get("/search/", {"q": "chairs"}).text
    assert "Mending unbelievable <mark>chairs</mark> in München." in chairs


def test_what_is_marked_is_text_and_never_markup(client, people):
    factories.post("One", body="`<script>tide</script>` & <b>tide</b> \\<mark>")
    page = client.get("/search/", {"q": "tide mark"}).text
    assert "&lt;script&gt;<mark>tide</mark>&lt;/script&gt; &amp; <mark>tide</mark>" in page
    assert "&lt;<mark>mark</mark>&gt;" in page


def test_nobody_asks_all_day(client, people, monkeypatch):
    monkeypatch.setattr("posts.views.search.SEARCHES", 2)
    for _n in range(2):
        assert client.get("/search/", {"q": "gauge"}).status_code == 200
    refused = client.get("/search/", {"q": "gauge"})
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert client.get("/search/").status_code == 200


def test_a_browser_may_search_from_its_own_bar(client, db):
    assert '<link rel="search"' in client.get("/").text
    told = ElementTree.fromstring(client.get("/opensearch.xml").content)
    urls = [one.get("template") for one in told.findall("{*}Url")]
    assert urls[0] == "http://testserver/search/?q={searchTerms}"
    with override_script_prefix("/blog/"):
        below = client.get("/opensearch.xml").text
    assert 'template="http://testserver/blog/search/?q={searchTerms}"' in below


# -- what nobody may find ------------------------------------------------------------------------


def test_nothing_hidden_is_found_or_suggested(client, people):
    tag = factories.tag("Sea")
    factories.post("Public", body="Nothing of the kind.", tags=[tag])
    for fields in HIDDEN.values():
        fields = {"published_at": timezone.now() - DAY, "tags": [tag], **fields}
        factories.post("Zephyr", dek="zephyr dek", body="## Zephyr\n\nzephyr", **fields)
    for typed in ("zephyr", "zephir", "zeph", '"zephyr dek"', "kind zephyr", "tag:sea zephir"):
        page = client.get("/search/", {"q": typed})
        assert page.status_code == 200
        assert "Zephyr</a>" not in page.text
        assert "Did you mean" not in page.text, typed
    assert titles(client.get("/search/", {"q": "tag:sea"})) == ["Public"]
    stranger = people["Stranger"]
    client.force_login(stranger)
    assert "Zephyr" not in client.get("/admin/posts/post/", {"q": "zephyr"}).text


def test_of_a_post_for_members_its_text_is_not_found(client, people):
    site(lists_members_posts=True)
    post = factories.post("Gate", dek="A summary", body="zephyr", visibility="members")
    assert found("gate") == found("summary") == ["Gate"]
    assert found("zephyr") == []
    assert "zephyr" not in client.get("/search/", {"q": "gate"}).text
    everything = {"visible": Post.objects.all(), "at_desk": True}
    assert found("zephyr", **everything) == ["Gate"]
    set_live(post, by=post.author, visibility="public")
    assert found("zephyr") == ["Gate"]
    set_live(post, by=post.author, visibility="members")
    assert found("zephyr") == []


# -- in step with what is written ----------------------------------------------------------------


def test_a_draft_over_what_is_out_changes_nothing_for_readers(client, people):
    author = people["Author"]
    post = factories.post("Tide", body="float", author=author)
    content = content_of(post) | {"title": "Storm", "body": "zephyr"}
    save_draft(post, content=content, by=author)
    assert found("float") == ["Tide"]
    assert found("zephyr") == found("storm") == []
    client.force_login(author)
    for typed in ("zephyr", "zeph", "storm", "float", "/tide/"):
        assert "row-title" in client.get("/admin/posts/post/", {"q": typed}).text
    publish(post, by=author)
    assert found("zephyr") == ["Storm"]
    assert found("float") == []
    assert "row-title" not in client.get("/admin/posts/post/", {"q": "float"}).text


def test_every_step_is_followed_at_once(people):
    author = people["Author"]
    post = factories.post("Tide", author=author, body="float")
    for step, shown in ((steps.take_down, []), (steps.trash, []), (steps.restore, [])):
        step(post, by=author)
        assert found("float") == shown
    publish(Post.objects.get(pk=post.pk), by=author)
    assert found("float") == ["Tide"]
    set_live(post, by=author, expires_at=timezone.now() - timedelta(minutes=1))
    assert found("float") == []
    steps.trash(post, by=author)
    delete_posts([Post.objects.get(pk=post.pk)])
    assert count_rows() == 0


def test_the_trash_is_emptied_of_words_as_well(people):
    factories.post(trashed_at=timezone.now() - 40 * DAY)
    empty_trash.call()
    assert count_rows() == 0


def count_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM posts_search")
        return cursor.fetchone()[0]


def test_names_are_followed(people, django_capture_on_commit_callbacks):
    author, tag, other = people["Author"], factories.tag("Anchors"), factories.tag("Boats")
    factories.post("One", author=author, tags=[tag], co_authors=[people["Editor"]])
    assert found("anchors") == found("amara") == ["One"]
    tag.name = "Currents"
    save_gathering(tag)
    assert (found("anchors"), found("currents")) == ([], ["One"])
    merge_tags(other, [tag])
    assert (found("currents"), found("boats"), found("tag:boats")) == ([], ["One"], ["One"])
    delete_gatherings([other])
    assert (found("boats"), found("tag:boats")) == ([], [])
    author.display_name = "Ines Ferro"
    with django_capture_on_commit_callbacks(execute=True):
        save_person(author)
    assert found("ferro") == found("author:ines") == ["One"]


def test_the_index_can_be_made_anew(people, capsys):
    posts = [factories.post(f"Tide {n}") for n in range(3)]
    Post.objects.filter(pk=posts[0].pk).update(title="Storm")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM posts_search WHERE rowid = %s", [posts[1].pk])
        cursor.execute("INSERT INTO posts_search (rowid) VALUES (999999)")
    call_command("rebuild_search_index", "--missing", batch_size=1)
    assert "1 posts indexed." in capsys.readouterr().out
    assert len(found("tide")) == 3
    call_command("rebuild_search_index", batch_size=2)
    assert "[##############################] 3 of 3" in capsys.readouterr().out
    assert found("storm") == ["Storm"]
    assert len(found("tide")) == 3  # all of them have it in their text
    assert count_rows() == 6


def test_a_chore_brings_what_is_missing_or_outdated(people):
    post = factories.post("Wasser", body="Die Häuser")
    index_what_is_due.call()
    assert search("häusern", visible=Post.objects.met()).meant == "hauser"  # by a guess only
    site(language="de")
    assert index_what_is_due.call() == 1
    assert not search("häusern", visible=Post.objects.met()).meant
    assert found("häusern") == ["Wasser"]
    # As an older release saves, which knows nothing of the index.
    Post.objects.filter(pk=post.pk).update(title="Storm", touched_at=timezone.now() + DAY)
    assert index_what_is_due.call() == 1
    assert found("storm") == ["Storm"]


def test_the_desk_finds_within_its_budget(client, people, django_assert_max_num_queries):
    for n in range(5):
        factories.post(f"Tide {n}", author=people["Author"])
    client.force_login(people["Author"])
    client.get("/admin/posts/post/")
    with django_assert_max_num_queries(12):
        page = client.get("/admin/posts/post/", {"q": "tide", "state": "published"})
    assert page.text.count("row-title") == 5
    assert "row-title" not in client.get("/admin/posts/post/", {"q": "!!!"}).text


def test_a_book_is_stored_and_found_by_its_beginning(people):
    words = " ".join(f"{n:x}word{n}" for n in range(60_000))
    post = factories.draft("Book", body="short")
    post.body_html = f"<p>needle {words}</p>"
    Post.objects.filter(pk=post.pk).update(body_html=post.body_html)
    call_command("rebuild_search_index")
    assert found("needle", visible=Post.objects.all()) == ["Book"]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_leave_what_the_last_one_wrote():
    author = factories.user(role="Editor")
    post, other = factories.post("Tide", author=author), factories.post("Other", author=author)
    before = count_rows()
    with at_once(4) as start:
        for n in range(4):
            one = Post.objects.get(pk=(post, other)[n % 2].pk)
            one.body = f"zebra alpaca yak{n}"
            start(partial(save_post, one, by=author))
    for one in (post, other):
        one.refresh_from_db()
        assert found(one.body) == [one.title]
    assert sum(len(found(f'"yak{n}"')) for n in range(4)) == 2
    assert count_rows() == before


def test_saving_again_keeps_one_row_for_readers(people):
    post = factories.post("Tide")
    before = count_rows()
    save_post(post, by=post.author)
    assert count_rows() == before == 2
