from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import User
from blogsite.lib import markdown
from blogsite.lib.markdown import RENDER_VERSION
from blogsite.pagecache.models import PageStamp
from blogsite.site.models import SiteSettings
from posts.models import Post, Version
from posts.rendering import forget
from posts.services.rerendering import rerender_posts, rerender_short_texts
from tests import factories

pytestmark = pytest.mark.django_db


def outdated(**fields) -> Post:
    post = factories.post(**fields)
    Post.objects.filter(pk=post.pk).update(body_html="<p>old</p>", excerpt="old", render_version=0)
    return post


def test_outdated_posts_are_rendered_again_and_others_left_alone():
    old, new = outdated(body="The *tide*."), factories.post(body="x")
    Post.objects.filter(pk=new.pk).update(body_html="<p>kept</p>")
    assert [(p.done, p.total, p.refused) for p in rerender_posts()] == [(1, 1, ())]
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.body_html, old.excerpt) == ("<p>The <em>tide</em>.</p>\n", "The tide.")
    assert (old.render_version, new.body_html) == (RENDER_VERSION, "<p>kept</p>")


def test_rendering_again_makes_no_version_and_is_no_edit():
    post = outdated(body="The *tide*.")
    versions, edited = Version.objects.count(), post.edited_at
    list(rerender_posts())
    post.refresh_from_db()
    assert (Version.objects.count(), post.edited_at) == (versions, edited)


def test_it_can_be_stopped_and_goes_on_where_it_was():
    for number in range(5):
        outdated(body=f"Text {number}")
    assert next(rerender_posts(batch_size=2)).done == 2
    assert [(p.done, p.total) for p in rerender_posts(batch_size=2)] == [(2, 3), (3, 3)]
    assert not list(rerender_posts())


def test_pages_that_show_them_are_made_anew(django_capture_on_commit_callbacks):
    post = outdated(body="x")
    with django_capture_on_commit_callbacks(execute=True):
        list(rerender_posts())
    assert set(PageStamp.objects.values_list("key", flat=True)) == {"lists", f"post:{post.pk}"}


def test_a_text_the_renderer_refuses_keeps_its_html_and_stops_nobody(monkeypatch):
    refused, fine = outdated(body="x"), outdated(body="y")
    Post.objects.filter(pk=refused.pk).update(body="> " * 100 + "deep")
    shown, errors = StringIO(), StringIO()
    call_command("rerender_posts", "--batch-size=1", stdout=shown, stderr=errors)
    refused.refresh_from_db()
    fine.refresh_from_db()
    assert (refused.body_html, fine.body_html) == ("<p>old</p>", "<p>y</p>\n")
    assert f"Post {refused.pk} keeps the HTML it has: " in errors.getvalue()
    assert shown.getvalue().endswith(
        "2 of 2\n1 posts rendered, 1 refused; 0 other texts changed.\n"
    )


def test_a_text_saved_meanwhile_is_left_as_it_was_saved(monkeypatch):
    post = outdated(body="before")
    forget()  # else nothing would be rendered, and nobody could save meanwhile
    render = markdown.render

    def save_meanwhile(source, *args, **options):
        Post.objects.filter(pk=post.pk).update(body="after", body_html="<p>after</p>")
        return render(source, *args, **options)

    monkeypatch.setattr(markdown, "render", save_meanwhile)
    list(rerender_posts())
    post.refresh_from_db()
    assert post.body_html == "<p>after</p>"


def test_all_posts_can_be_asked_for():
    factories.post(body="x")
    shown = StringIO()
    call_command("rerender_posts", stdout=shown)
    call_command("rerender_posts", "--all", stdout=shown)
    assert shown.getvalue() == (
        "0 posts rendered, 0 refused; 0 other texts changed.\n"
        f"[{'#' * 30}] 1 of 1\n1 posts rendered, 0 refused; 0 other texts changed.\n"
    )


def outdated_person(bio: str) -> User:
    person = factories.user(bio=bio)
    User.objects.filter(pk=person.pk).update(bio_html="<p>old</p>")
    return person


def outdated_footer(text: str) -> None:
    site = SiteSettings.current()
    site.footer_text = text
    site.save()
    SiteSettings.objects.update(footer_html="<p>old</p>")


def test_people_and_footer_follow_the_renderer_and_their_pages_are_made_anew(
    django_capture_on_commit_callbacks,
):
    person = outdated_person("I *measure*.")
    factories.user(bio="Up to date.")
    outdated_footer("An *imprint*.")
    with django_capture_on_commit_callbacks(execute=True):
        assert rerender_short_texts() == (2, ())
    person.refresh_from_db()
    assert person.bio_html == "<p>I <em>measure</em>.</p>\n"
    assert SiteSettings.current().footer_html == "<p>An <em>imprint</em>.</p>\n"
    stamps = set(PageStamp.objects.values_list("key", flat=True))
    assert stamps == {f"author:{person.pk}", "site"}
    assert rerender_short_texts() == (0, ())


def test_a_refused_text_about_a_person_keeps_its_html_and_stops_nobody():
    person = outdated_person("x")
    User.objects.filter(pk=person.pk).update(bio="> " * 50 + "deep")
    outdated_footer("Fine.")
    shown, errors = StringIO(), StringIO()
    call_command("rerender_posts", stdout=shown, stderr=errors)
    person.refresh_from_db()
    assert person.bio_html == "<p>old</p>"
    assert f"The HTML stays as it is for {person}: " in errors.getvalue()
    assert shown.getvalue() == "0 posts rendered, 0 refused; 1 other texts changed.\n"


def test_a_person_who_saves_meanwhile_is_left_as_saved(monkeypatch):
    person = outdated_person("before")
    render = markdown.render

    def save_meanwhile(source, *args, **options):
        User.objects.filter(pk=person.pk).update(bio="after", bio_html="<p>after</p>")
        return render(source, *args, **options)

    monkeypatch.setattr(markdown, "render", save_meanwhile)
    assert rerender_short_texts() == (0, ())
    person.refresh_from_db()
    assert person.bio_html == "<p>after</p>"
