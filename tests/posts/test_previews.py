"""What is not out yet: shown to its writers, and by a secret link to whoever was given it."""

import logging
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_script_prefix
from django.urls import reverse
from django.utils import timezone

from blogsite import logs
from blogsite.pagecache import PageCache
from posts.admin.previews import LINKS_SHOWN
from posts.content import content_of
from posts.models import NotFound, PreviewLink, Version
from posts.services import steps
from posts.services.previews import make_link
from posts.services.saving import publish, save_draft
from posts.slugs import reserved_words
from posts.views_preview import GUESSES
from tests import factories
from tests.pagecache.reader import ask

pytestmark = pytest.mark.django_db

OUT, WAITING = "The tide is out.", "The tide comes in."


@pytest.fixture
def post(people):
    """Out with one text, and a newer draft that nobody but its writers knows."""
    row = factories.post("Tides", author=people["Author"], body=OUT)
    save_draft(row, content=content_of(row) | {"body": WAITING}, by=people["Author"])
    return row


def page(name: str, *args) -> str:
    return reverse(f"admin:posts_post_{name}", args=args)


def link_to(post, by, **given):
    link, secret = make_link(post, by=by, **{"days": 7, **given})
    return link, f"/preview/{secret}"


def is_for_nobody_to_keep(answer) -> bool:
    return "no-store" in answer["Cache-Control"] and answer["X-Robots-Tag"] == "noindex"


# -- at the desk ----------------------------------------------------------------------------


def test_a_writer_sees_the_newest_draft_as_readers_will(client, people, post):
    client.force_login(people["Author"])
    answer = client.get(page("preview", post.pk))
    assert WAITING in answer.text
    assert OUT not in answer.text
    assert "Preview of version 2" in answer.text
    assert "Readers do not see this yet." in answer.text
    assert is_for_nobody_to_keep(answer)
    post.refresh_from_db()
    assert post.body == OUT


def test_a_writer_sees_any_version(client, people, post):
    client.force_login(people["Author"])
    answer = client.get(page("preview", post.pk), {"version": 1})
    assert OUT in answer.text
    assert "This is what readers see." in answer.text
    for wrong in ("7", "0", "x", "-1", "²", "9" * 40):
        assert client.get(page("preview", post.pk), {"version": wrong}).status_code == 404


def test_topics_people_and_cover_are_those_of_the_version(client, people):
    tide, moon = factories.tag("Tide"), factories.tag("Moon")
    post = factories.post(author=people["Author"], tags=[tide])
    changed = {"tags": [moon.pk], "co_authors": [people["Stranger"].pk], "title": "Moons"}
    save_draft(post, content=content_of(post) | changed, by=None)
    client.force_login(people["Author"])
    text = client.get(page("preview", post.pk)).text
    assert '<p class="kicker"><a href="/tags/moon/">Moon</a></p>' in text
    assert "Tide" not in text
    assert "tomasz" in text


def test_the_page_may_stand_in_a_frame_of_the_desk_only(client, people, post):
    client.force_login(people["Author"])
    answer = client.get(page("preview", post.pk))
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_text_that_cannot_be_rendered_is_told(client, people, post):
    content = content_of(post) | {"body": "x" * 2_000_000}
    Version.objects.create(post=post, number=3, content=content)
    client.force_login(people["Author"])
    answer = client.get(page("preview", post.pk))
    assert answer.status_code == 200
    assert "The text cannot be shown." in answer.text
    assert OUT not in answer.text


@pytest.mark.parametrize(
    ("role", "status"),
    [("Editor", 200), ("Stranger", 404), ("Contributor", 404), ("Moderator", 404)],
)
@pytest.mark.parametrize("name", ["preview", "preview_links"])
def test_others_meet_the_rule_of_the_writing_form(client, people, post, role, status, name):
    client.force_login(people[role])
    assert client.get(page(name, post.pk)).status_code == status


@pytest.mark.parametrize("name", ["preview", "preview_links"])
def test_nobody_is_sent_to_sign_in(client, people, post, name):
    for _visit in ("nobody", "a reader"):
        assert client.get(page(name, post.pk)).status_code == 302
        client.force_login(people["Reader"])


# -- making and withdrawing links -----------------------------------------------------------


def made_link(client, post, **typed) -> tuple[PreviewLink, str]:
    answer = client.post(
        page("preview_links", post.pk), {"label": "Anna", "shows": "newest", "days": "7"} | typed
    )
    [address] = re.findall(r'readonly autofocus value="([^"]+)"', answer.text)
    return PreviewLink.objects.get(), urlsplit(address).path


def test_the_address_of_a_link_is_shown_once_and_stored_nowhere(client, people, post):
    client.force_login(people["Author"])
    link, address = made_link(client, post)
    secret = address.removeprefix("/preview/")
    assert len(secret) >= 43
    assert secret not in client.get(page("preview_links", post.pk)).text
    stored = PreviewLink.objects.filter(pk=link.pk).values_list().get()
    assert not [value for value in stored if secret in str(value)]
    assert secret not in str(client.cookies)
    assert (link.label, link.created_by, link.version) == ("Anna", people["Author"], None)
    assert timedelta(days=6) < link.expires_at - timezone.now() <= timedelta(days=7)


def test_a_link_can_be_pinned_to_a_version(client, people, post):
    client.force_login(people["Author"])
    link, address = made_link(client, post, shows="this", days="30")
    assert link.version.number == 2
    save_draft(post, content=content_of(post) | {"body": "Newer still."}, by=None)
    client.logout()
    assert WAITING in client.get(address, follow=True).text


@pytest.mark.parametrize("wrong", [{"days": "365"}, {"shows": "all"}, {"label": "x" * 81}])
def test_a_wrong_choice_makes_no_link(client, people, post, wrong):
    client.force_login(people["Author"])
    typed = {"label": "", "shows": "newest", "days": "7"} | wrong
    answer = client.post(page("preview_links", post.pk), typed)
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert not PreviewLink.objects.exists()


def test_a_stranger_makes_and_withdraws_none(client, people, post):
    link, _address = link_to(post, people["Author"])
    client.force_login(people["Stranger"])
    typed = {"label": "", "shows": "newest", "days": "7"}
    assert client.post(page("preview_links", post.pk), typed).status_code == 404
    assert client.post(page("preview_withdraw", post.pk, link.pk)).status_code == 404
    own = factories.draft(author=people["Stranger"])
    assert client.post(page("preview_withdraw", own.pk, link.pk)).status_code == 404
    assert PreviewLink.objects.get().works()


def test_a_withdrawn_link_opens_nothing_even_where_it_was_open(client, people, post):
    link, address = link_to(post, people["Author"])
    assert WAITING in client.get(address, follow=True).text
    clean = reverse("posts:preview_read", args=[link.pk])
    client.force_login(people["Author"])
    assert client.get(page("preview_withdraw", post.pk, link.pk)).status_code == 405
    answer = client.post(page("preview_withdraw", post.pk, link.pk), follow=True)
    assert "Withdrawn" in answer.text
    assert client.get(clean).status_code == client.get(address).status_code == 404


def test_the_list_tells_of_each_link_in_a_constant_number_of_queries(
    client, people, post, django_assert_max_num_queries
):
    for label in ("first", "second"):
        link_to(post, people["Author"], label=label)
    link_to(post, people["Editor"], label="over", days=-1)
    for _n in range(LINKS_SHOWN):
        link_to(post, people["Stranger"])
    PreviewLink.objects.filter(label="first").update(created_at=timezone.now() + timedelta(1))
    client.force_login(people["Editor"])
    with django_assert_max_num_queries(24):
        text = client.get(page("preview_links", post.pk)).text
    assert text.count('<li class="link') == LINKS_SHOWN
    assert "first" in text
    assert "tomasz may not change this post any more" in text
    assert "never opened" in text


# -- opening a link -------------------------------------------------------------------------


def test_a_link_leads_to_a_clean_address_by_a_cookie_for_it_alone(client, people, post):
    link, address = link_to(post, people["Author"])
    answer = client.get(address)
    clean = f"/preview/{link.pk}/read/"
    assert (answer.status_code, answer["Location"]) == (303, clean)
    cookie = answer.cookies["preview"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (clean, True, "Lax")
    assert not cookie["secure"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert is_for_nobody_to_keep(answer)
    shown = client.get(clean)
    assert WAITING in shown.text
    assert is_for_nobody_to_keep(shown)
    assert '<meta name="robots" content="noindex">' in shown.text
    assert address.removeprefix("/preview/") not in shown.text


def test_over_https_and_below_a_prefix_the_cookie_says_so(client, people, post):
    link, address = link_to(post, people["Author"])
    with override_script_prefix("/blog/"):
        answer = client.get(address, secure=True)
    cookie = answer.cookies["preview"]
    assert cookie["secure"]
    assert cookie["path"] == answer["Location"] == f"/blog/preview/{link.pk}/read/"


def test_a_link_follows_the_draft(client, people, post):
    _link, address = link_to(post, people["Author"])
    save_draft(post, content=content_of(post) | {"body": "Newer still."}, by=None)
    assert "Newer still." in client.get(address, follow=True).text


def test_the_page_is_nobodys_in_particular(client, people, post):
    _link, address = link_to(post, people["Author"], label="For Anna only")
    stranger = client.get(address, follow=True).text
    client.force_login(people["Author"])
    assert client.get(address, follow=True).text == stranger
    assert "For Anna only" not in stranger
    assert page("change", post.pk) not in stranger


def test_no_reason_for_a_closed_link_is_told(client, people, post):
    """Ended, withdrawn, in the trash, no longer its maker's, or never made: one page."""
    ended, _ = link_to(post, people["Author"], days=-1)
    of_another, _ = link_to(post, people["Stranger"])
    trashed = factories.draft(author=people["Author"])
    in_trash = link_to(trashed, people["Author"])[1]
    steps.trash(trashed, by=None)
    addresses = [
        link_to(post, people["Author"], days=-1)[1],
        link_to(post, people["Stranger"])[1],
        in_trash,
        "/preview/never-made",
        "/preview/never-made/with/more",
        "/preview/12/",
        f"/preview/{ended.pk}/read/",
        f"/preview/{of_another.pk}/read/",
        "/preview/999999/read/",
    ]
    answers = [client.get(address) for address in addresses]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert all(is_for_nobody_to_keep(answer) for answer in answers)
    assert not NotFound.objects.exists()


def test_the_cookie_of_one_link_opens_no_other(client, people, post):
    mine, address = link_to(post, people["Author"])
    secret = address.removeprefix("/preview/")
    other, _ = link_to(factories.draft(author=people["Author"]), people["Author"])
    client.cookies["preview"] = secret
    assert client.get(f"/preview/{mine.pk}/read/").status_code == 200
    assert client.get(f"/preview/{other.pk}/read/").status_code == 404


@pytest.mark.parametrize(
    "lost",
    [{"is_active": False}, {"is_staff": False}],
    ids=["switched off", "no desk"],
)
def test_a_link_ends_with_the_right_of_its_maker(client, people, post, lost):
    _link, address = link_to(post, people["Author"])
    for name, value in lost.items():
        setattr(people["Author"], name, value)
    people["Author"].save()
    assert client.get(address).status_code == 404


def test_a_contributors_link_ends_when_an_editor_publishes(client, people):
    post = factories.draft(author=people["Contributor"])
    _link, address = link_to(post, people["Contributor"])
    _link, of_editor = link_to(post, people["Editor"])
    assert client.get(address).status_code == 303
    publish(post, by=people["Editor"])
    save_draft(post, content=content_of(post) | {"body": "Not for them."}, by=people["Editor"])
    assert client.get(address).status_code == 404
    assert client.get(of_editor).status_code == 303


def test_a_link_ends_when_its_maker_leaves_the_post(client, people):
    post = factories.draft(author=people["Author"], co_authors=[people["Stranger"]])
    _link, address = link_to(post, people["Stranger"])
    assert client.get(address).status_code == 303
    post.authorship_set.all().delete()
    assert client.get(address).status_code == 404


def test_the_last_opening_is_noted_once_a_minute(client, people, post):
    link, address = link_to(post, people["Author"])
    with time_machine.travel("2030-01-01 12:00Z", tick=False) as clock:
        PreviewLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
        for seconds, noted in ((0, 0), (50, 0), (20, 70)):
            clock.shift(seconds)
            assert client.get(address, follow=True).status_code == 200
            link.refresh_from_db()
            assert link.last_used_at.timestamp() == 1893499200 + noted


def test_only_reading_is_answered(client, people, post):
    link, address = link_to(post, people["Author"])
    assert client.post(address).status_code == 405
    assert client.post(f"/preview/{link.pk}/read/").status_code == 405


def test_guessing_is_stopped_for_the_guesser_alone(client, people, post):
    _link, address = link_to(post, people["Author"])
    for n in range(GUESSES):
        assert client.get(f"/preview/guess-{n}").status_code == 404
    answer = client.get("/preview/one-more")
    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert "10 minutes" in answer.text
    assert client.get(address).status_code == 429
    assert client.get(address, REMOTE_ADDR="203.0.113.7").status_code == 303


# -- nobody hears the secret ----------------------------------------------------------------


def test_no_post_can_take_the_word(people):
    assert "preview" in reserved_words()
    assert factories.draft("Preview", author=people["Author"]).slug != "preview"


@pytest.mark.django_db(transaction=True)
def test_no_line_in_the_log_holds_the_secret(people, settings, caplog, monkeypatch):
    settings.ACCESS_LOG = True
    _link, address = link_to(factories.draft(author=people["Author"]), people["Author"])
    secret = address.removeprefix("/preview/")
    site = PageCache(WSGIHandler())
    monkeypatch.setattr("posts.views_preview.note_opened", lambda link: 1 / 0)
    with caplog.at_level(logging.DEBUG):
        for tail in ("", "/", "/more", "?utm_source=mail"):
            ask(site, f"{address}{tail}")
        ask(site, address, method="POST")
        clean = ask(site, address).headers["Location"]
        failed = ask(site, clean, cookie=f"preview={secret}", referer=f"http://testserver{address}")
    site.watcher.stop()
    assert failed.status == 500
    lines = [
        form.format(record)
        for form in (logs.JsonLines(), logs.Readable())
        for record in caplog.records
        if not record.name.startswith("django.db")
    ]
    assert any(f"GET /preview/{logs.HIDDEN}" in line for line in lines)
    assert any(f"GET {clean}" in line for line in lines)
    assert any("ZeroDivisionError" in line for line in lines)
    assert not [line for line in lines if secret in line]
