"""A reader before the whole wrapper: what is kept, what is sent, what goes on to Django."""

import pytest
from django.contrib.sessions.backends.db import SessionStore

from tests import factories
from tests.pagecache.reader import ask
from tests.pagecache.sample import stage, write


def test_page_is_rendered_once_and_served_from_memory(get, django_assert_num_queries):
    write(1, "tide")
    first, second = get("/1/"), get("/1/")
    assert first.status == second.status == 200
    assert first.text == second.text
    assert first.text.startswith("tide ")
    assert len(stage.rendered) == 1
    with django_assert_num_queries(0):
        get("/1/")


def test_undeclared_parameters_are_the_same_page(get):
    write(1, "tide")
    texts = {
        get(address).text
        for address in ("/1/?q=a&page=2", "/1/?page=2&utm_source=x&q=a", "/1/?q=z&page=2&q=a")
    }
    assert texts == {f"tide page=2&q=a{' and more' * 100}"}
    assert stage.rendered == ["/1/?page=2&q=a"]


def test_long_query_is_answered_and_not_kept(site, get):
    write(1, "tide")
    assert get(f"/1/?q={'x' * 400}").status == 200
    assert get(f"/1/?q={'x' * 400}").status == 200
    assert len(stage.rendered) == 2
    assert site.store.size == 0


def test_address_beyond_all_measure_is_refused(get):
    answer = get(f"/1/?q={'x' * 10_000_000}")
    assert answer.status == 414
    assert "too long" in answer.text
    assert not stage.rendered


@pytest.mark.parametrize(
    ("address", "status"),
    [
        *[("/%00/", 400), ("/1/?q=%00", 400), ("/1/?q=a%00b", 400)],
        *[("/%ff%fe/", 404), ("/1/?q=%ff", 200)],
    ],
)
def test_odd_bytes_are_never_an_error_of_ours(settings, new_process, address, status):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "blogsite.middleware.refuse_bad_input"]
    write(1, "tide")
    assert ask(new_process(), address).status == status


def test_other_methods_go_to_django_as_they_came(get):
    answer = get("/desk/", method="POST", cookie="a=b")
    assert answer.text == "POST for a=b"


def test_public_page_takes_no_other_method(get):
    write(1, "tide")
    assert get("/1/", method="POST").status == 405


def test_private_page_is_asked_for_each_time(get):
    get("/desk/"), get("/desk/")
    assert stage.rendered == ["desk", "desk"]


def test_head_has_the_headers_of_get_and_no_body(get):
    write(1, "tide")
    get("/1/")
    whole, head = get("/1/"), get("/1/", method="HEAD")
    assert head.body == b""
    ours = {k: v for k, v in head.headers.items() if k != "X-Request-ID"}
    assert ours == {k: v for k, v in whole.headers.items() if k != "X-Request-ID"}
    assert int(head.headers["Content-Length"]) == len(whole.body) > 0


def test_first_reader_by_head_leaves_a_whole_page(get):
    write(1, "tide")
    assert get("/1/", method="HEAD").body == b""
    assert get("/1/").text.startswith("tide ")
    assert len(stage.rendered) == 1


@pytest.mark.parametrize(
    "kind",
    ["cookie", "session", "streaming", "vary", "private", "moved", "missing", "encoded"],
)
def test_answer_that_is_not_for_everyone_is_not_kept(site, get, kind):
    before = get(f"/broken/{kind}/")
    assert get(f"/broken/{kind}/").status == before.status
    assert stage.rendered == [kind, kind]
    assert site.store.size == 0


def test_page_that_cannot_be_kept_is_reported_once(get, caplog):
    get("/broken/vary/"), get("/broken/vary/")
    assert [record.getMessage() for record in caplog.records] == [
        "page.unkept: /broken/vary/: it varies by accept-language"
    ]


def test_personal_page_is_not_kept_and_not_reported(site, get, caplog):
    assert get("/9/").text == get("/9/").text == "for members"
    assert len(stage.rendered) == 2
    assert site.store.size == 0
    assert not caplog.records


def test_answers_that_are_not_kept_here_are_not_kept_elsewhere(get):
    """Browsers keep redirects, and edges missing pages, unless they are told."""
    for address in ("/9/", "/1/", "/broken/moved/", "/broken/missing/", "/broken/vary/"):
        assert get(address).headers["Cache-Control"] == "no-cache"
    assert get("/broken/private/").headers["Cache-Control"] == "private"


def test_page_never_sees_its_reader(site, get):
    """Whatever a view prints of its request, it is the same for everyone."""
    one = get(
        "/nosy/?utm_source=mail",
        cookie="session=stolen; theme=dark",
        accept_language="de",
        authorization="Basic abc",
        x_forwarded_host="evil.example",
        user_agent="curl",
        referer="https://elsewhere.example/",
        environ={"REMOTE_ADDR": "198.51.100.7", "SERVER_PROTOCOL": "HTTP/1.0"},
    )
    site.store.mark({"site"}, {"site"}, 0)
    other = get("/nosy/")
    assert "HTTP_HOST=testserver" in other.text

    def without_request_id(text: str) -> list[str]:
        return [line for line in text.splitlines() if "REQUEST_ID" not in line]

    assert without_request_id(one.text) == without_request_id(other.text)


def signed_in(person) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    return f"session={session.session_key}"


def test_what_is_not_public_is_shown_to_whom_it_belongs(transactional_db, settings, site, get):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    person = factories.user("anna")
    cookie = signed_in(person)
    assert get("/7/").status == 404
    mine = get("/7/", cookie=cookie)
    assert (mine.status, mine.text) == (200, f"a draft for {person}")
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert get("/7/").status == 404
    assert get("/7/", cookie="session=guessed").status == 404
    assert site.store.size == 0


def test_member_reads_the_public_copy(transactional_db, get):
    write(1, "tide")
    person = factories.user("anna")
    stranger, member = get("/1/"), get("/1/", cookie=signed_in(person))
    assert stranger.text == member.text
    assert len(stage.rendered) == 1


def test_missing_page_appears_when_it_is_written(get):
    assert get("/1/").status == 404
    write(1, "tide")
    assert get("/1/").status == 200


def test_error_is_not_kept(get):
    write(1, "tide")
    stage.error = RuntimeError("a bug")
    assert get("/1/").status == 500
    stage.error = None
    assert get("/1/").status == 200


def test_error_while_rendering_anew_shows_the_last_good_page(get, wait_for_look):
    write(1, "tide")
    get("/1/")
    write(1, "ebb")
    wait_for_look()
    stage.error = RuntimeError("a bug")
    answer = get("/1/")
    assert answer.text.startswith("tide ")
    assert answer.headers["Cache-Status"] == "Blogsite; hit; detail=stale"
    stage.error = None
    assert get("/1/").text.startswith("ebb ")


def test_request_id_is_taken_only_when_harmless(get):
    write(1, "tide")
    for address in ("/1/", "/1/"):
        assert get(address, x_request_id="abc-DEF-0123").headers["X-Request-ID"] == "abc-DEF-0123"
        for bad in ("short", "x" * 65, "a b c d e f g", 'evil"}\\n12345', ""):
            assert get(address, x_request_id=bad).headers["X-Request-ID"] not in (bad, "")
    assert get("/1/").headers["X-Request-ID"] != get("/1/").headers["X-Request-ID"]


def test_developer_gets_every_page_anew(settings, new_process):
    settings.DEBUG = True
    write(1, "tide")
    site = new_process()
    ask(site, "/1/"), ask(site, "/1/")
    assert len(stage.rendered) == 2
