"""Redirects and dead addresses at the desk, as each role, through the real pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from posts.models import NotFound, Redirect, SlugHistory
from posts.services.saving import save_post
from tests import factories

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/posts/redirect/", "/admin/posts/redirect/add/"
LOAD, DOWNLOAD = "/admin/posts/redirect/table/", "/admin/posts/redirect/redirects.csv"
DEAD = "/admin/posts/notfound/"


@pytest.fixture
def editor(client, people):
    client.force_login(people["Editor"])
    return client


def rename(post, slug):
    post.slug = slug
    return save_post(post, by=post.author)


def stored():
    rows = Redirect.objects.select_related("post")
    return {row.path: row.post or row.target for row in rows}


# -- one redirect ----------------------------------------------------------------------------


def test_a_redirect_to_a_post_is_kept_as_one_to_the_post(editor):
    post = factories.post("New home")
    NotFound.objects.create(path="/2019/05/old.html")
    typed = {"path": "/2019/05/old.html/", "to": "http://testserver/new-home/"}
    assert editor.post(ADD, typed).status_code == 302
    assert stored() == {"/2019/05/old.html": post}
    assert not NotFound.objects.exists()
    page = editor.get(reverse("admin:posts_redirect_change", args=[Redirect.objects.get().pk]))
    assert 'value="/new-home/"' in page.text
    assert "New home" in editor.get(LIST).text


WRONG = [
    ("/a", "/a/", "in a circle"),
    ("/first", "/second/", "There is a post at this path"),
    ("/admin/old", "/second/", "The site itself answers"),
    ("/preview/old", "/second/", "The site itself answers"),
    ("/", "/second/", "The site itself answers"),
    ("/?p=12", "/second/", "without what follows a ?"),
    ("/a\\b", "/second/", "no backslash"),
    ("/a", "//evil.example/", "no double slash"),
    ("/a", "/\\evil.example/", "no backslash"),
    ("/a", "/ok\u202e/", "no invisible character"),
    ("/a", "javascript:alert(1)", "Begin with a slash"),
    ("/a", "https://us@evil.example/", "Begin with a slash"),
    ("/a", "https://[evil/", "This is no address"),
    ("/a", "second", "Begin with a slash"),
    ("/taken", "/second/", "already exists"),
]


def test_what_is_wrong_is_told_and_nothing_is_stored(editor):
    factories.post("First")
    factories.post("Second")
    Redirect.objects.create(path="/taken", target="/somewhere/")
    for old, new, told in WRONG:
        answer = editor.post(ADD, {"path": old, "to": new})
        assert answer.status_code == 200, (old, new)
        assert told in answer.text, (old, new)
        assert stored() == {"/taken": "/somewhere/"}, (old, new)


def test_chains_are_collapsed_in_both_directions(editor):
    editor.post(ADD, {"path": "/b", "to": "https://elsewhere.example/c"})
    editor.post(ADD, {"path": "/a", "to": "/b/"})
    assert stored()["/a"] == "https://elsewhere.example/c"
    editor.post(ADD, {"path": "/y", "to": "/z/"})
    editor.post(ADD, {"path": "/z", "to": "https://elsewhere.example/"})
    assert stored()["/y"] == "https://elsewhere.example/"


def test_a_circle_over_several_steps_is_refused(editor):
    editor.post(ADD, {"path": "/a", "to": "/b/"})
    answer = editor.post(ADD, {"path": "/b", "to": "/a/"})
    assert "in a circle" in answer.text
    assert stored() == {"/a": "/b/"}


def test_an_old_address_of_a_post_leads_to_where_it_is_now(editor):
    post = rename(factories.post("First"), "second")
    editor.post(ADD, {"path": "/a", "to": "/first/"})
    assert stored() == {"/a": post}


def test_the_owners_word_counts_for_what_was_an_address_of_a_post(editor):
    rename(factories.post("First"), "second")
    editor.post(ADD, {"path": "/first/", "to": "https://elsewhere.example/"})
    assert editor.get("/first/")["Location"] == "https://elsewhere.example/"
    assert not SlugHistory.objects.exists()


def test_a_redirect_is_changed_and_deleted(editor):
    row = Redirect.objects.create(path="/a", target="/b/")
    address = reverse("admin:posts_redirect_change", args=[row.pk])
    editor.post(address, {"path": "/a", "to": "/c/"})
    assert stored() == {"/a": "/c/"}
    editor.post(reverse("admin:posts_redirect_delete", args=[row.pk]), {"post": "yes"})
    assert stored() == {}


# -- tables ----------------------------------------------------------------------------------

TABLE = "Old,New\n/one.html,/first/\n/two.html,https://elsewhere.example/\n/bad,javascript:1\n"


def test_a_table_is_shown_first_and_stored_after(editor):
    post = factories.post("First")
    Redirect.objects.create(path="/two.html", target="/there/")
    answer = editor.post(LOAD, {"text": TABLE})
    for told in ("Store 2 redirects", "Begin with a slash", "Replaces the present target"):
        assert told in answer.text
    assert stored() == {"/two.html": "/there/"}

    answer = editor.post(LOAD, {"text": answer.context["text"], "apply": "1"}, follow=True)
    assert stored() == {"/one.html": post, "/two.html": "https://elsewhere.example/"}
    assert "2 redirects are stored. 1 line was left out." in answer.text


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfold;new\r\n/one.html;/first/\r\n",
        b"/one.html\t/first/\n\n",
        b"http://before.example/one.html,http://testserver/first/",
        b'"/one.html" , "/first/"',
    ],
)
def test_a_file_comes_as_spreadsheets_write_it(editor, data):
    post = factories.post("First")
    answer = editor.post(LOAD, {"file": SimpleUploadedFile("r.csv", data)})
    editor.post(LOAD, {"text": answer.context["text"], "apply": "1"})
    assert stored() == {"/one.html": post}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": ""}, "There is no line"),
        ({"text": "old,new"}, "There is no line"),
        ({"file": SimpleUploadedFile("r.csv", "/é,/b".encode("latin-1"))}, "not UTF-8"),
        ({"file": SimpleUploadedFile("r.csv", b"/a,/b\0")}, "no text"),
        ({"text": f'"/a,{"b" * 140_000}'}, "no table"),
    ],
)
def test_what_is_no_table_is_told(editor, sent, told):
    answer = editor.post(LOAD, sent)
    assert answer.status_code == 200
    assert told in answer.text


def test_lines_know_of_each_other(editor):
    table = "/a,/b\n/b,/c/\n/c,/a\n/d,/b\n/a,/e/\n"
    outcomes = [plan.outcome for plan in editor.post(LOAD, {"text": table}).context["plans"]]
    assert outcomes == ["refused", "replaces", "new", "new", "new"]
    editor.post(LOAD, {"text": table, "apply": "1"})
    assert stored() == {"/a": "/e/", "/b": "/c/", "/d": "/c/"}


def test_ten_thousand_lines_are_a_matter_of_seconds(editor, django_assert_max_num_queries):
    table = "\n".join(f"/2019/{n}.html,/new/{n}/" for n in range(10_000))
    with django_assert_max_num_queries(120):
        editor.post(LOAD, {"text": table, "apply": "1"})
    assert Redirect.objects.count() == 10_000
    answer = editor.post(LOAD, {"text": table})
    assert answer.context["count"]["same"] == 10_000
    assert "9500 more lines" in answer.text.replace(",", "").replace(".", "")


def test_the_download_can_be_loaded_and_changes_nothing(editor):
    post = factories.post("First")
    Redirect.objects.create(path="/old,with comma.html", post=post)
    Redirect.objects.create(path="/two.html", target="https://elsewhere.example/?a=1;b=2")
    Redirect.objects.create(path="/=cmd", target="/there/#part")
    before = stored()
    table = editor.get(DOWNLOAD)
    assert table["Content-Disposition"] == 'attachment; filename="redirects.csv"'
    answer = editor.post(LOAD, {"text": table.text})
    assert answer.context["count"] == {"refused": 0, "replaces": 0, "new": 0, "same": 3}
    editor.post(LOAD, {"text": table.text, "apply": "1"})
    assert stored() == before


def test_no_cell_of_the_download_is_a_formula(editor):
    Redirect.objects.create(path="/a", target="=HYPERLINK(1)")
    assert "/a,'=HYPERLINK(1)" in editor.get(DOWNLOAD).text


# -- dead addresses --------------------------------------------------------------------------


def test_one_click_leads_a_dead_address_to_the_suggestion(editor):
    post = factories.post("The tide at night")
    row = NotFound.objects.create(path="/2019/tide-at-night.html", count=12, referrer="a.example/b")
    page = editor.get(DEAD)
    for shown in ("/2019/tide-at-night.html", "12", "a.example/b", "The tide at night"):
        assert shown in page.text
    button = reverse("admin:posts_notfound_lead", args=[row.pk, post.pk])
    assert f'formaction="{button}?"' in page.text
    answer = editor.post(button, follow=True)
    assert "leads to “The tide at night”" in answer.text
    assert editor.get("/2019/tide-at-night.html")["Location"] == post.get_absolute_url()
    assert not NotFound.objects.exists()
    dismiss = reverse("admin:posts_notfound_dismiss", args=[row.pk])
    for second_click in (button, dismiss):
        answer = editor.post(second_click, follow=True)
        assert answer.status_code == 200
        assert "That was done already." in answer.text


def test_another_target_is_chosen_in_the_form(editor):
    NotFound.objects.create(path="/über & co")
    page = editor.get(DEAD)
    assert f"{ADD}?path=/%C3%BCber%20%26%20co" in page.text
    form = editor.get(ADD, {"path": "/über & co"})
    assert 'value="/über &amp; co"' in form.text


def test_a_dead_address_that_lives_again_is_told(editor):
    post = factories.post("First")
    row = NotFound.objects.create(path="/first")
    answer = editor.post(reverse("admin:posts_notfound_lead", args=[row.pk, post.pk]), follow=True)
    assert "There is a post at this path" in answer.text
    assert stored() == {}


def test_a_dead_address_is_dismissed(editor):
    row = NotFound.objects.create(path="/gone")
    editor.post(reverse("admin:posts_notfound_dismiss", args=[row.pk]), follow=True)
    assert not NotFound.objects.exists()


def test_lists_cost_the_same_for_many_rows(editor, django_assert_max_num_queries):
    def fill(start, end):
        for n in range(start, end):
            post = factories.post(f"Tide {n}")
            Redirect.objects.create(path=f"/old/{n}", post=post)
            NotFound.objects.create(path=f"/tide-number/{n}")

    def cost(address) -> int:
        with django_assert_max_num_queries(12) as asked:
            assert editor.get(address).status_code == 200
        return len(asked)

    fill(0, 2)
    few = [cost(address) for address in (LIST, DEAD)]
    fill(2, 12)
    assert [cost(address) for address in (LIST, DEAD)] == few


# -- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Contributor", "Author", "Moderator", "Reader", None])
def test_only_editors_and_owners_come_near(client, people, role):
    if role:
        client.force_login(people[role])
    post = factories.post("First")
    row = Redirect.objects.create(path="/secret-plan", target="/there/")
    dead = NotFound.objects.create(path="/secret-wish")
    for address in (
        *(LIST, ADD, LOAD, DOWNLOAD, DEAD),
        reverse("admin:posts_redirect_change", args=[row.pk]),
        reverse("admin:posts_redirect_delete", args=[row.pk]),
    ):
        for answer in (client.get(address), client.post(address, {"text": TABLE, "apply": "1"})):
            assert answer.status_code in (302, 403)
            assert "secret-plan" not in answer.text
    for name, *args in (("lead", dead.pk, post.pk), ("dismiss", dead.pk)):
        assert client.post(reverse(f"admin:posts_notfound_{name}", args=args)).status_code in (
            302,
            403,
        )
    assert stored() == {"/secret-plan": "/there/"}
    assert NotFound.objects.get() == dead


def test_nothing_happens_by_a_link(editor):
    post, row = factories.post("First"), NotFound.objects.create(path="/gone")
    for name, *args in (("lead", row.pk, post.pk), ("dismiss", row.pk)):
        assert editor.get(reverse(f"admin:posts_notfound_{name}", args=args)).status_code == 405
    assert NotFound.objects.exists()


def test_old_addresses_lead_on_where_debug_is_on_too(client, db, settings):
    post = factories.post("New name")
    SlugHistory.objects.create(slug="old-name", post=post)
    Redirect.objects.create(path="/2019/old.html", post=post)
    settings.DEBUG = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "posts.views.missing.lead_on"]
    for address in ("/old-name/", "/2019/old.html"):
        assert client.get(address)["Location"] == post.get_absolute_url()
    assert client.get("/nobody/").status_code == 404
