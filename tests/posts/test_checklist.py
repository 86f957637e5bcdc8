from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import set_script_prefix
from django.utils import timezone

from accounts.models import User
from blogsite.lib import markdown
from blogsite.media.models import File
from blogsite.site.checklist import Check
from blogsite.site.models import SiteSettings
from posts import rendering
from posts.checklist import Finding, check, codes
from posts.content import content_of
from posts.models import FormerTag, OutsideLink, Post, Redirect, SlugHistory
from tests import factories


@pytest.fixture(autouse=True)
def database(db: None) -> None:
    """Every check asks one."""


def look(post: Post | None = None, **content: Any) -> list[Finding]:
    """The check list of a post (or of a new one) with this content, as the owner reads it."""
    base = content_of(post) if post else {"title": "A title", "body": "Some text."}
    owner = User(is_superuser=True)
    return check({**base, **content}, post=post, site=SiteSettings.current(), reader=owner)


def found(code: Check, post: Post | None = None, **content: Any) -> list[Finding]:
    return [finding for finding in look(post, **content) if finding.check == code]


def lines(code: Check, body: str) -> list[int | None]:
    return [finding.line for finding in found(code, body=body)]


def only(code: Check, post: Post | None = None, **content: Any) -> Finding:
    (finding,) = found(code, post, **content)
    return finding


def image(**fields: Any) -> Any:
    picture = factories.image(factories.user())
    type(picture).objects.filter(pk=picture.pk).update(**fields)
    picture.refresh_from_db()
    return picture


# -- the list itself -------------------------------------------------------------------------


def test_finished_post_has_nothing_to_mend():
    cover = image()
    other = factories.post()
    post = factories.draft(
        body=f"## Tides\n\nAs [told]({other.get_absolute_url()}) and [below](#tides).",
        dek="A word",
        cover=cover,
        tags=[factories.tag()],
    )
    assert look(post) == []
    assert codes([]) == ""


def test_codes_stand_between_spaces_in_the_order_of_the_list():
    findings = look(body="![](/nowhere.jpg) TODO")
    assert codes(findings) == " todo alt inside description cover tags "
    assert codes(reversed(findings)) == codes(findings)


def test_what_stops_is_always_the_same_or_chosen_by_the_owner():
    def stopping() -> set[str]:
        return {f.check for f in look(title="", body="TK ![](/a.jpg)") if f.stops}

    assert stopping() == {"title", "todo"}
    SiteSettings.objects.update_or_create(pk=1, defaults={"stopping_checks": "alt cover"})
    assert stopping() == {"title", "alt", "cover"}
    SiteSettings.objects.update(stopping_checks="")
    assert stopping() == {"title"}


def test_what_stops_comes_first_then_the_text_from_its_top():
    findings = look(body="![](https://example.com/a.jpg)\n\n#### B\n\nTODO", dek="a", tags=[1])
    assert [(f.check, f.line) for f in findings] == [
        ("todo", 5), ("cover", None), ("alt", 1), ("headings", 3),
    ]  # fmt: skip


def test_queries_are_eight_however_much_there_is(django_assert_num_queries):
    cover, picture = image(), image()
    others = [factories.post(f"Other {n}") for n in range(3)]
    links = [f"[a]({other.get_absolute_url()}) [b](/gone-{other.pk}/)" for other in others]
    hidden = factories.draft("Hidden")
    file, outside = f"[f](/media/{'a' * 32}/b.pdf) [t](/tags/a/)", "<https://example.com/>"
    file += f" [h]({hidden.get_absolute_url()})"
    few = factories.draft(body=f"![a]({picture.url}) {file} {outside}", cover=cover)
    OutsideLink.objects.filter(post=few).update(state="dead")
    dead = "[x](/nobody-{n}/) [s](/series/s-{n}/) <https://e{n}.example/>"
    many = " ".join(links * 3 + [dead.format(n=n) for n in range(300)])
    site = SiteSettings.current()
    for body in (few.body, few.body + "\n\n" + many):
        content = {**content_of(few), "body": body, "language": "en"}
        with django_assert_num_queries(8):
            check(content, post=few, site=site, reader=User(is_superuser=True))


def test_a_text_on_its_way_to_a_page_is_rendered_once(monkeypatch):
    rendering.forget()
    rendering.rendered("TODO", "en", False, True)
    monkeypatch.setattr(markdown, "render", lambda *args, **rules: pytest.fail("again"))
    content = {"title": "A", "body": "TODO", "language": "en"}
    assert " todo " in codes(check(content, post=None, site=SiteSettings.current()))


# -- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["", "   "])
def test_title_must_be_there(title):
    finding = only(Check.TITLE, title=title)
    assert (finding.target, finding.stops) == ("id_title", True)


def test_text_must_be_there():
    assert only(Check.TEXT, body=" \n").stops is True


def test_refused_text_is_told_in_the_words_of_the_refusal():
    finding = only(Check.TEXT, body="> " * 200 + "deep")
    with pytest.raises(markdown.Refused) as refusal:
        markdown.render("> " * 200 + "deep")
    assert (finding.message, finding.target, finding.stops) == (
        str(refusal.value), "id_body", True,
    )  # fmt: skip


def test_marks_are_found_in_the_text_and_in_fields():
    assert lines(Check.TODO, "a\n\nb TODO and `TK`") == [3]
    finding = only(Check.TODO, title="TKTK", dek="todo")
    assert (finding.target, finding.line, finding.stops) == ("id_title", None, True)


def test_marks_are_read_in_the_language_of_the_post():
    assert found(Check.TODO, body="¡TODO!", language="es") == []
    assert only(Check.TODO, body="TODO!", language="en").line == 1


def test_pictures_without_description_are_told_by_line():
    assert lines(Check.ALT, 'a\n\n![](https://example.com/a.jpg)\n\n<img src="/b.jpg">') == [3, 5]


def test_headings_are_told_by_line():
    assert lines(Check.HEADINGS, "## A\n\n### B\n\n## C\n\n#### D") == [7]


def test_standfirst_or_description_is_enough():
    assert only(Check.DESCRIPTION, dek=" ").target == "id_dek"
    assert found(Check.DESCRIPTION, dek="A word") == []
    assert found(Check.DESCRIPTION, seo_description="A word") == []


def test_topics_and_cover_are_asked_of_posts_only():
    page = factories.draft(kind=Post.Kind.PAGE)
    assert (found(Check.TAGS, page), found(Check.COVER, page)) == ([], [])
    post = factories.draft()
    assert only(Check.TAGS, post).target == "id_tags"
    assert only(Check.COVER, post).target == "id_cover"
    assert found(Check.TAGS, post, tags=[factories.tag().pk]) == []


# -- the address -----------------------------------------------------------------------------


def test_own_address_is_free():
    post = factories.post()
    assert found(Check.SLUG, post) == []
    assert found(Check.SLUG, slug="") == []


@pytest.mark.parametrize("state", ["published", "draft"])
def test_address_of_another_post_stops(state):
    other = factories.post("The other", state=state)
    finding = only(Check.SLUG, factories.draft(), slug=other.slug)
    assert (finding.target, finding.stops) == ("id_slug", True)
    assert "“The other”" in finding.message


def test_address_the_site_needs_stops():
    assert only(Check.SLUG, slug="admin").stops is True


def test_old_address_of_another_post_is_worth_knowing():
    other = factories.post("The other")
    SlugHistory.objects.create(slug="once", post=other)
    finding = only(Check.SLUG, factories.draft(), slug="once")
    assert (finding.stops, finding.hint) == (False, True)
    assert codes([finding]) == ""
    assert found(Check.SLUG, other, slug="once") == []


def test_address_that_is_redirected_is_worth_knowing():
    Redirect.objects.create(path="/once", target="https://example.com/")
    assert only(Check.SLUG, slug="once").hint is True


# -- links inside ----------------------------------------------------------------------------


def test_links_to_live_posts_and_pages_of_the_site_are_fine():
    post = factories.post("Über Möwen")
    members = factories.post(visibility="members")
    own = factories.draft()
    host = django_settings.ALLOWED_HOSTS[0]
    for address in (
        post.get_absolute_url(), f"/{post.slug}", f"/{post.slug}/?a=b#c", f"../{post.slug}/",
        f"https://{host}/{post.slug}/", members.get_absolute_url(), "/", "/admin/", "#tides", "?a",
        own.get_absolute_url(), "mailto:a@example.com", f"//{host}/{post.slug}/",
    ):  # fmt: skip
        assert found(Check.INSIDE, own, body=f"## Tides\n\n[a]({address})") == [], address


def test_links_to_topics_series_and_authors_are_looked_up():
    tag, series, writer = factories.tag("Tides"), factories.series("Log"), factories.user("ines")
    FormerTag.objects.create(slug="ebb", tag=tag)
    Redirect.objects.create(path="/tags/old", target="/")
    there = ("/tags/tides/", "/tags/tides/feed.xml", "/tags/ebb", "/tags/old/", "/tags/")
    gone = ("/tags/log/", "/tags/zzz/feed.xml", "/authors/nadia/", "/series/tides/")
    for address in (*there, f"/series/{series.slug}/", f"/authors/{writer.slug}/"):
        assert found(Check.INSIDE, body=f"[a]({address})") == [], address
    body = "\n".join(f"[a]({address})" for address in gone)
    assert lines(Check.INSIDE, body) == [1, 2, 3, 4]


@pytest.mark.parametrize("address", ["/nobody/", "/a/b/c/", "nobody", "/files/a.pdf", "/ü-ö/"])
def test_links_to_nothing_are_told_with_their_line(address):
    finding = only(Check.INSIDE, body=f"One\n\n[two]({address})")
    assert (finding.line, finding.stops, finding.hint) == (3, False, False)
    assert "leads nowhere" in finding.message


def test_line_is_that_of_the_whole_address():
    assert lines(Check.INSIDE, "/nobody/else and/nobody/\n\n[b](/nobody/)") == [3]


def test_anchors_that_are_not_in_the_text_are_told():
    assert lines(Check.INSIDE, "## Tides\n\n[a](#tides)\n[b](#moon)") == [4]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "draft"}, "Draft"),
        ({"state": "archived"}, "Archived"),
        ({"trashed_at": timezone.now()}, "In the trash"),
        ({"expires_at": timezone.now()}, "Taken down"),
    ],
)
def test_links_to_posts_nobody_can_read_are_told(fields, words):
    other = factories.post("The other")
    Post.objects.filter(pk=other.pk).update(**fields)
    finding = only(Check.INSIDE, body=f"[a]({other.get_absolute_url()})")
    assert finding.hint is False
    assert "“The other”" in finding.message
    assert words in finding.message


def test_link_to_a_scheduled_post_is_worth_knowing():
    other = factories.post("Soon", published_at=timezone.now() + timedelta(days=1))
    finding = only(Check.INSIDE, body=f"[a]({other.get_absolute_url()})")
    assert finding.hint is True
    assert "“Soon”, which goes out" in finding.message


def test_old_addresses_still_lead_somewhere():
    other = factories.post()
    SlugHistory.objects.create(slug="once", post=other)
    Redirect.objects.create(path="/old/place.html", target="https://example.com/")
    Redirect.objects.create(path="/elsewhere", target="https://example.com/")
    finding = only(Check.INSIDE, body="[a](/once/) [b](/old/place.html) [c](/elsewhere/)")
    assert finding.hint is True
    assert f"has moved to {other.get_absolute_url()}" in finding.message
    Post.objects.filter(pk=other.pk).update(state="draft")
    assert only(Check.INSIDE, body="[a](/once/)").hint is False


def test_uploads_must_be_in_the_media_library():
    picture = image()
    file = File.objects.create(
        name=f"{'b' * 32}/map.pdf", sha256="b" * 64, original_name="map.pdf", mime="x/y", bytes=1
    )
    gone = f"/media/{'c' * 32}/gone.jpg"
    body = f"![a]({picture.url})\n[b]({file.url})\n![c]({gone})"
    finding = only(Check.INSIDE, body=body)
    assert (finding.line, "media library" in finding.message) == (3, True)


def test_links_carry_the_prefix_the_site_is_mounted_under():
    other = factories.post()
    set_script_prefix("/blog/")
    try:
        assert other.get_absolute_url() == f"/blog/{other.slug}/"
        assert found(Check.INSIDE, body=f"[a]({other.get_absolute_url()}) [b](/blog)") == []
        assert len(found(Check.INSIDE, body="[a](/blog/nobody/)")) == 1
    finally:
        set_script_prefix("/")


# -- links outside ---------------------------------------------------------------------------


def test_dead_outside_links_are_told_while_they_are_in_the_text():
    post = factories.draft(body="a\n\n[b](https://example.com/gone#x)\n<https://example.org/>")
    rows = {row.url: row for row in post.outside_links.all()} or {
        url: OutsideLink.objects.create(post=post, url=url)
        for url in ("https://example.com/gone", "https://example.org/")
    }
    OutsideLink.objects.filter(pk=rows["https://example.com/gone"].pk).update(
        state="dead", answer="410"
    )
    OutsideLink.objects.filter(pk=rows["https://example.org/"].pk).update(
        state="unsure", answer="500"
    )
    finding = only(Check.OUTSIDE, post)
    assert (finding.line, finding.hint) == (3, False)
    assert finding.message == "https://example.com/gone leads nowhere: 410"
    assert found(Check.OUTSIDE, post, body="No link any more.") == []


def test_plain_http_is_worth_knowing_once():
    finding = only(Check.OUTSIDE, body="a\n<http://example.com/>\n<http://example.org/>")
    assert (finding.line, finding.hint) == (2, True)
    assert finding.message.startswith("2 links use http.")


# -- pictures --------------------------------------------------------------------------------


def test_cover_is_described_or_decoration():
    silent = image(alt="")
    assert "no description" in only(Check.COVER, cover_id=silent.pk).message
    type(silent).objects.update(is_decorative=True)
    assert found(Check.COVER, cover_id=silent.pk) == []


def test_deleted_cover_is_none():
    assert only(Check.COVER, cover_id=4711).message == "There is no cover."


def test_heavy_and_huge_pictures_are_told_by_their_place():
    heavy, huge, light = image(bytes=3_400_000), image(width=9000, height=6000), image()
    body = "\n\n".join(f"![a]({picture.url})" for picture in (light, heavy, huge))
    first, second = found(Check.WEIGHT, body=body)
    assert (first.line, second.line) == (3, 5)
    assert "3.2" in first.message
    assert "9000 × 6000 pixels" in second.message
    cover = only(Check.WEIGHT, body="a", cover_id=heavy.pk)
    assert cover.target == "id_cover"
