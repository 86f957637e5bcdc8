"""Hosts, schemes and prefixes, as any client or proxy may send them."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from blogsite.pagecache.door import Door, canonical_query
from tests.pagecache.reader import ask
from tests.pagecache.sample import stage, write


@pytest.fixture
def blog(settings):
    settings.ALLOWED_HOSTS = ["www.example.org", ".example.net", "localhost"]
    settings.CANONICAL_HOST = "www.example.org"
    return settings


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("www.example.org", 200),
        ("WWW.Example.ORG", 200),
        ("www.example.org:80", 200),
        ("www.example.org:8000", 200),
        ("www.example.org.", 200),
        ("example.net", 301),
        ("a.example.net", 301),
        ("localhost", 301),
        ("evil.example", 400),
        ("www.example.org.evil.example", 400),
        ("www.example.org evil.example", 400),
        ("", 400),
    ],
)
def test_every_host_gets_one_answer(blog, new_process, host, answer):
    write(1, "tide")
    site = new_process()
    for _ in range(2):
        assert ask(site, "/1/", host=host).status == answer
    assert {key[1] for key in site.store._copies} <= {"www.example.org"}


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 301), ("HEAD", 301), ("POST", 308), ("PUT", 308)]
)
def test_other_host_is_sent_to_the_same_address_on_ours(blog, new_process, method, status):
    answer = ask(
        new_process(), "/caf%C3%A9%20x//?q=a%26b&c=%E2%82%AC", host="example.net", method=method
    )
    assert answer.status == status
    assert answer.headers["Location"] == (
        "http://www.example.org/caf%C3%A9%20x//?q=a%26b&c=%E2%82%AC"
    )
    assert answer.body == b""
    assert "X-Request-ID" in answer.headers


def test_redirect_to_our_host_goes_to_https_at_once(blog, new_process):
    blog.SECURE_SSL_REDIRECT = True
    answer = ask(new_process(), "/1/", host="example.net")
    assert answer.headers["Location"] == "https://www.example.org/1/"


def test_redirect_carries_nothing_that_breaks_a_header(blog, new_process):
    answer = ask(
        new_process(), "/a%0D%0AX:b/", host="example.net", environ={"QUERY_STRING": "a\rb"}
    )
    assert not set("\r\n") & set(answer.headers["Location"])


@pytest.mark.parametrize("address", ["/health", "/health/ready"])
def test_probes_are_answered_on_any_host(blog, new_process, address):
    assert ask(new_process(), address, host="localhost").status == 200


def test_without_a_canonical_host_every_host_of_ours_has_its_own_copies(settings, new_process):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    write(1, "tide")
    site = new_process()
    for host in ("a.example", "b.example", "A.example:80"):
        assert ask(site, "/1/", host=host).status == 200
    assert len(stage.rendered) == 2
    assert ask(site, "/1/", host=None).status == 400
    assert len(site.store._copies) == 2


PREFIXED = [
    ("/blog", "/1/", 200),
    ("/blog", "/blog/1/", 200),
    ("/blog", "/blog/", 200),
    ("/blog", "/blog", 200),
    ("/blog", "/", 200),
    ("/blog", "/blogger/", 404),
    ("/blog", "/blog/blog/1/", 404),
    ("/blog", "/health", 200),
    ("/blog", "/blog/health", 200),
    ("/blog/", "/blog/1/", 200),
    ("/deep/blog", "/deep/blog/1/", 200),
    (None, "/1/", 200),
    (None, "/blog/1/", 404),
]


@pytest.mark.parametrize(("prefix", "address", "status"), PREFIXED)
def test_prefix_may_be_stripped_or_not(settings, new_process, prefix, address, status):
    settings.FORCE_SCRIPT_NAME = prefix
    write(1, "tide")
    assert ask(new_process(), address).status == status


def test_prefixed_and_stripped_address_are_one_page(settings, new_process):
    settings.FORCE_SCRIPT_NAME = "/blog"
    write(1, "tide")
    site = new_process()
    assert ask(site, "/1/").text == ask(site, "/blog/1/").text
    assert stage.rendered == ["/blog/1/"]


def test_redirect_to_our_host_has_the_prefix(blog, new_process):
    blog.FORCE_SCRIPT_NAME = "/blog"
    for address in ("/1/", "/blog/1/"):
        answer = ask(new_process(), address, host="example.net")
        assert answer.headers["Location"] == "http://www.example.org/blog/1/"


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("outside", ["http", "https"])
@pytest.mark.parametrize("told", [None, "http", "https", "https,http", "HTTPS", "", "ftp"])
def test_scheme_is_what_django_says(settings, rf: RequestFactory, proxies, outside, told):
    settings.TRUSTED_PROXY_COUNT = proxies
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None
    given = {} if told is None else {"HTTP_X_FORWARDED_PROTO": told}
    request = rf.get("/", **given, **{"wsgi.url_scheme": outside})
    assert Door().scheme(request.META) == request.scheme


def test_copies_for_http_and_https_are_kept_apart(settings, new_process):
    write(1, "tide")
    site = new_process()
    ask(site, "/1/"), ask(site, "/1/", scheme="https")
    assert len(stage.rendered) == 2


def test_page_on_http_is_not_kept_where_https_is_the_rule(settings, new_process):
    settings.SECURE_SSL_REDIRECT = True
    settings.MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    write(1, "tide")
    site = new_process()
    answer = ask(site, "/1/?utm_source=a")
    assert answer.headers["Location"] == "https://testserver/1/?utm_source=a"
    assert ask(site, "/1/", scheme="https").status == 200
    assert {key[0] for key in site.store._copies} == {"https"}


@given(st.text(st.characters(max_codepoint=255), max_size=300))
def test_any_query_has_one_canonical_form(query):
    declared, _ = canonical_query(query, ("page", "q"))
    assert declared.isascii()
    assert canonical_query(declared, ("page", "q"))[0] == declared
    assert canonical_query(f"{query}&utm_x=1", ("page", "q"))[0] == declared


@pytest.mark.parametrize(
    ("query", "declared"),
    [
        ("", ""),
        ("page=2", "page=2"),
        ("q=a+b&page=2", "page=2&q=a+b"),
        ("q=a%20b", "q=a+b"),
        ("page=1&page=2", "page=2"),
        ("page", "page="),
        ("Page=2", ""),
        ("q=%C3%A9", "q=%C3%A9"),
        ("q=\xc3\xa9", "q=%C3%A9"),
    ],
)
def test_declared_parameters_stand_in_one_order(query, declared):
    assert canonical_query(query, ("page", "q"))[0] == declared


@given(st.text(st.characters(max_codepoint=255)), st.sampled_from(["http", "https"]))
def test_any_host_is_ours_or_nothing(host, scheme):
    written = Door().host(host, scheme)
    assert not written or host.lower() in (written, f"{written}:80", f"{written}:443")
