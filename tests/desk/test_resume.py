"""A form that was sent too late comes back with everything in it: signed out, or token renewed."""

from dataclasses import dataclass

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_script_prefix
from django.urls import reverse

from accounts.forms import TRIES_PER_ACCOUNT
from blogsite.desk.resume import Kept, is_at_desk
from blogsite.media.models import Image
from posts.models import Post, Tag
from tests import factories

pytestmark = pytest.mark.django_db

ADD, LOGIN, TAG = "/admin/posts/post/add/", "/admin/login/", "/admin/posts/tag/add/"
#: What suffers on its way through forms: umlauts, quotes, line ends, a first blank line.
TEXT = "\r\nÄpfel & <b>Öl</b>: \"größer\" 'als' {{ es }} %0A \U0001f30a\r\n\r\n\tund mehr\r\n" * 20
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Form:
    """One form of a page, as a browser would send it."""

    action: str
    fields: list[tuple[str, str]]

    def send(self, client, headers=None, **typed):
        """With these fields typed; every line ends with CR LF, as browsers do it."""
        data: dict[str, list[str]] = {}
        for name, value in [*self.fields, *typed.items()]:
            if name in typed:
                data[name] = [typed[name]]
            else:
                data.setdefault(name, []).append("\r\n".join(value.split("\n")))
        return client.post(self.action, data, headers=headers or OURS)


def forms_on(answer) -> list[Form]:
    page = html5lib.parse(answer.text, namespaceHTMLElements=False)
    return [
        Form(form.get("action") or answer.request["PATH_INFO"], list(fields_of(form)))
        for form in page.iter("form")
    ]


def fields_of(form):
    for one in form.iter():
        kind, name = one.get("type", "text"), one.get("name")
        if one.tag == "textarea" and name:
            yield name, one.text or ""
        elif one.tag == "select" and name:
            for option in one.iter("option"):
                if option.get("selected") is not None:
                    yield name, option.get("value")
        elif one.tag == "input" and name and kind not in ("submit", "file"):
            is_off = kind in ("checkbox", "radio") and one.get("checked") is None
            if not is_off:
                yield name, one.get("value", "")


def form_with(answer, field: str) -> Form:
    [found] = [form for form in forms_on(answer) if field in dict(form.fields)]
    return found


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def signed_in(browser, people):
    browser.force_login(people["Author"])
    return browser


def lose_session(browser) -> None:
    del browser.cookies["session"]


def sign_in(browser, answer, name="ines", password=factories.PASSWORD):
    return form_with(answer, "password").send(browser, username=name, password=password)


def written(browser, body=TEXT, **typed):
    """The form of a new post, filled, sent by somebody who is not signed in any more."""
    form = form_with(browser.get(ADD), "body")
    lose_session(browser)
    return form.send(browser, title="Ärger", body=body, **typed)


def test_a_long_text_survives_the_end_of_the_sign_in(signed_in):
    text = TEXT * 40
    assert len(text) > 50_000
    answer = written(signed_in, text, _publish="1")
    assert answer.status_code == 403
    assert "Nothing is lost" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert not Post.objects.exists()

    answer = sign_in(signed_in, answer)
    assert answer.status_code == 200
    assert "Welcome back" in answer.text
    assert "You are signed in as ines." in answer.text
    assert "no-store" in answer["Cache-Control"]

    form = form_with(answer, "body")
    assert form.action == ADD
    answer = form.send(signed_in)
    assert answer.status_code == 200
    assert "You are signed in again" in answer.text
    assert not Post.objects.exists()

    answer = form_with(answer, "body").send(signed_in, _draft="1")
    assert answer.status_code == 302
    post = Post.objects.get()
    assert (post.title, post.state) == ("Ärger", "draft")
    assert post.body.replace("\r\n", "\n").strip() == text.replace("\r\n", "\n").strip()


def test_an_open_post_goes_on_from_its_version(signed_in, people):
    post = factories.draft(author=people["Author"])
    address = reverse("admin:posts_post_change", args=[post.pk])
    form = form_with(signed_in.get(address), "body")
    lose_session(signed_in)
    answer = sign_in(signed_in, form.send(signed_in, body="Changed.", _draft="1"))
    answer = form_with(answer, "body").send(signed_in)
    assert form_with(answer, "body").send(signed_in, _draft="1").status_code == 302
    post.refresh_from_db()
    assert post.body == "Changed."


def test_a_wrong_password_keeps_the_text(signed_in):
    answer = written(signed_in)
    for wrong in ("", "wrong"):
        answer = sign_in(signed_in, answer, password=wrong)
        assert answer.status_code == 200
        assert "Nothing is lost" in answer.text
    body = dict(form_with(sign_in(signed_in, answer), "body").fields)["body"]
    assert body == TEXT.replace("\r\n", "\n")


def test_too_many_tries_keep_the_text(signed_in):
    answer = written(signed_in)
    for _n in range(TRIES_PER_ACCOUNT + 1):
        answer = sign_in(signed_in, answer, password="wrong")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "Too many tries" in answer.text
    assert "gr\u00f6\u00dfer" in dict(form_with(answer, "password").fields)["kept"]


def test_who_has_no_desk_is_told_and_the_text_stays(signed_in):
    answer = sign_in(signed_in, written(signed_in), name="nadia")
    assert answer.status_code == 200
    assert "Nothing is lost" in answer.text
    assert "Welcome back" in sign_in(signed_in, answer).text


def test_somebody_else_gets_no_further_than_their_rights(signed_in, people):
    post = factories.draft("Secret plan", author=people["Author"])
    form = form_with(signed_in.get(reverse("admin:posts_post_change", args=[post.pk])), "body")
    lose_session(signed_in)
    answer = sign_in(signed_in, form.send(signed_in, body=TEXT), name="tomasz")
    assert "You are signed in as tomasz." in answer.text
    assert TEXT[:60].strip().replace("\r\n", "\n") in kept_texts(answer)
    answer = form_with(answer, "body").send(signed_in)
    assert answer.status_code in (302, 403, 404)
    post.refresh_from_db()
    assert (post.title, post.body) == ("Secret plan", "Some *text* about the tide.")


def kept_texts(answer) -> str:
    page = html5lib.parse(answer.text, namespaceHTMLElements=False)
    return "".join(one.text for one in page.iter("textarea") if one.get("readonly") is not None)


def test_another_form_is_sent_again_with_its_button(signed_in, people):
    signed_in.force_login(people["Editor"])
    form = form_with(signed_in.get(TAG), "name")
    lose_session(signed_in)
    answer = sign_in(signed_in, form.send(signed_in, name="Größe", _continue="1"), name="amara")
    assert "Send it again" in answer.text
    answer = form_with(answer, "name").send(signed_in)
    tag = Tag.objects.get()
    assert tag.name == "Größe"
    assert answer["Location"] == reverse("admin:posts_tag_change", args=[tag.pk])


def test_passwords_and_files_stay_behind(browser, people):
    browser.force_login(people["Administrator"])
    form = form_with(browser.get("/admin/accounts/user/add/"), "email")
    lose_session(browser)
    answer = form.send(browser, email="new@example.org", password1="hush hush hush")
    carried = dict(form_with(answer, "kept").fields)["kept"]
    assert "new@example.org" in carried
    assert "hush" not in answer.text
    assert "csrfmiddlewaretoken" not in carried

    token = dict(form_with(answer, "password").fields)["csrfmiddlewaretoken"]
    sent = {"file": SimpleUploadedFile("pier.jpg", b"jpeg"), "csrfmiddlewaretoken": token}
    answer = browser.post("/admin/media/image/add/", sent | {"alt": "A pier"})
    assert "Files have to be chosen again." in answer.text
    assert "Files have to be chosen again." in sign_in(browser, answer, name="ruth").text
    assert not Image.objects.exists()


def test_signing_out_twice_and_reading_are_as_before(signed_in):
    page = signed_in.get("/admin/")
    lose_session(signed_in)
    out = next(form for form in forms_on(page) if form.action == reverse("admin:logout"))
    assert out.send(signed_in)["Location"] == "/admin/"
    assert signed_in.get(ADD)["Location"] == f"{LOGIN}?next={ADD}"


# -- a token from before --------------------------------------------------------------------


def renewed(browser, people) -> Form:
    """A form of before; meanwhile its writer signed in in another tab."""
    form = form_with(browser.get(ADD), "body")
    other = form_with(Client(enforce_csrf_checks=True).get(LOGIN), "password")
    browser.cookies["csrf"] = dict(other.fields)["csrfmiddlewaretoken"][:32]
    return form


@pytest.mark.parametrize(
    "evidence", [OURS, {"Origin": "http://testserver"}, {"Referer": f"http://testserver{ADD}"}]
)
def test_an_old_token_brings_our_own_form_back(signed_in, people, evidence):
    answer = renewed(signed_in, people).send(signed_in, evidence, title="Old", body=TEXT)
    assert answer.status_code == 403
    assert "in another tab" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert not Post.objects.exists()
    answer = form_with(answer, "body").send(signed_in)
    assert "You are signed in again" in answer.text
    assert form_with(answer, "body").send(signed_in, _draft="1").status_code == 302
    assert Post.objects.get().title == "Old"


@pytest.mark.parametrize(
    "evidence",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"X-Nothing": "at all"},
    ],
)
def test_a_foreign_form_is_refused_as_ever(signed_in, people, evidence):
    answer = renewed(signed_in, people).send(signed_in, evidence, title="Foreign", body=TEXT)
    assert answer.status_code == 403
    assert "This form has grown too old" in answer.text
    assert "Äpfel" not in answer.text
    assert not Post.objects.exists()


def test_a_token_of_nobody_leads_through_the_sign_in(signed_in, people):
    form = renewed(signed_in, people)
    lose_session(signed_in)
    answer = form.send(signed_in, title="Old", body=TEXT)
    assert answer.status_code == 403
    assert "Welcome back" in sign_in(signed_in, answer).text


def test_the_kept_text_survives_a_sign_in_in_another_tab(signed_in, people):
    waiting = form_with(written(signed_in), "password")
    signed_in.force_login(people["Author"])
    del signed_in.cookies["csrf"]
    answer = waiting.send(signed_in, username="ines", password=factories.PASSWORD)
    assert answer.status_code == 403
    assert dict(form_with(answer, "body").fields)["body"] == TEXT.replace("\r\n", "\n")


def test_a_plain_sign_in_and_public_forms_fail_as_ever(browser, people):
    form = form_with(browser.get(LOGIN), "password")
    del browser.cookies["csrf"]
    assert "grown too old" in form.send(browser, username="ines").text
    assert "grown too old" in browser.post("/", {"body": TEXT}, headers=OURS).text


# -- what a browser may send ----------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/admin/",
        "//evil.example/admin/",
        "/\\evil.example/admin/",
        "/",
        "/administration/",
        "/admin/../preview/x",
        "/admin/%2e%2e/x",
        "javascript:alert(1)",
        "",
    ],
)
def test_only_pages_of_the_desk_get_anything_back(signed_in, path):
    assert not is_at_desk(path)
    lose_session(signed_in)
    kept = Kept(path, [("body", "x")]).carried
    form = form_with(signed_in.get(LOGIN), "password")
    answer = form.send(signed_in, username="ines", password=factories.PASSWORD, kept=kept)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:index")


@pytest.mark.parametrize(
    "carried",
    ["", "x", "[]", "{}", "null", "1", '{"path": "/admin/", "fields": 1}', "[" * 100_000,
     '{"path": "/admin/", "fields": [["a"]], "had_files": 0}'],
)  # fmt: skip
def test_nonsense_is_no_kept_form(carried):
    assert Kept.read(carried) is None


def test_below_a_prefix_the_way_back_is_the_same():
    with override_script_prefix("/blog/"):
        assert is_at_desk(f"/blog{ADD}?x=1")
        assert not is_at_desk(ADD)
        assert Kept(f"/blog{ADD}", []).is_shown_again


def test_what_cannot_be_carried_is_shown_to_be_copied(signed_in, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000
    text = TEXT * 2
    answer = written(signed_in, text)
    assert answer.status_code == 403
    assert "too long to be carried along" in answer.text
    assert "kept" not in dict(form_with(answer, "password").fields)
    assert text.replace("\r\n", "\n") in kept_texts(answer)
    assert sign_in(signed_in, answer)["Location"] == ADD
