"""Every combination of the three headers, against one site on one host."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from blogsite.lib.origin import is_ours

SAME, FOREIGN, NO_EVIDENCE = True, False, False
ASK_NEXT = None

SEC_FETCH_SITE = {
    None: ASK_NEXT,
    "": ASK_NEXT,
    "none": ASK_NEXT,
    "same-origin": SAME,
    "same-site": FOREIGN,
    "cross-site": FOREIGN,
    "Same-Origin": FOREIGN,
    "same-origin, cross-site": FOREIGN,
    "anything": FOREIGN,
}
ORIGIN = {
    None: ASK_NEXT,
    "": ASK_NEXT,
    "https://blog.example": SAME,
    "https://BLOG.example:443": SAME,
    "http://blog.example": FOREIGN,
    "https://blog.example:8443": FOREIGN,
    "https://other.blog.example": FOREIGN,
    "https://evil.example": FOREIGN,
    "https://blog.example.evil.example": FOREIGN,
    "https://blog.example@evil.example": FOREIGN,
    "https://evil.example#blog.example": FOREIGN,
    "null": FOREIGN,
    "file://": FOREIGN,
    "https://": FOREIGN,
    "https://blog.example:nonsense": FOREIGN,
    "https://[blog.example": FOREIGN,
    "blog.example": FOREIGN,
}
REFERER = {
    None: NO_EVIDENCE,
    "": NO_EVIDENCE,
    "https://blog.example/a-post/?q=1": SAME,
    "https://blog.example": SAME,
    "http://blog.example/": FOREIGN,
    "https://evil.example/https://blog.example/": FOREIGN,
    "https://evil.example/": FOREIGN,
    "about:blank": FOREIGN,
    "/a-post/": FOREIGN,
}
NAMES = {"sec_fetch_site": "Sec-Fetch-Site", "origin": "Origin", "referer": "Referer"}
TABLE = list(product(SEC_FETCH_SITE.items(), ORIGIN.items(), REFERER.items()))


def judge(*, host: str, scheme: str, behind_tls_proxy: bool, **given: str | None) -> bool:
    headers = {NAMES[name]: value for name, value in given.items()}
    request: Any = SimpleNamespace(headers=headers, get_host=lambda: host, scheme=scheme)
    return is_ours(request, behind_tls_proxy=behind_tls_proxy)


@pytest.mark.parametrize("behind_tls_proxy", [False, True])
def test_first_header_that_speaks_decides(behind_tls_proxy):
    for (site, by_site), (origin, by_origin), (referer, by_referer) in TABLE:
        verdict = judge(
            sec_fetch_site=site,
            origin=origin,
            referer=referer,
            host="blog.example",
            scheme="https",
            behind_tls_proxy=behind_tls_proxy,
        )
        said = [word for word in (by_site, by_origin, by_referer) if word is not ASK_NEXT]
        expected = said[0]
        assert verdict is expected, (site, origin, referer)


#: host, scheme, theirs, without a proxy that takes TLS off, with one
HOSTS = [
    ("blog.example", "http", "http://blog.example", SAME, SAME),
    ("blog.example", "http", "http://blog.example:80", SAME, SAME),
    ("blog.example", "http", "https://blog.example", FOREIGN, SAME),
    ("blog.example", "http", "https://blog.example:443", FOREIGN, SAME),
    ("blog.example", "http", "https://evil.example", FOREIGN, FOREIGN),
    ("blog.example", "https", "http://blog.example", FOREIGN, FOREIGN),
    ("blog.example:8000", "http", "http://blog.example:8000", SAME, SAME),
    ("blog.example:8000", "http", "https://blog.example:8000", FOREIGN, SAME),
    ("blog.example:8000", "http", "http://blog.example", FOREIGN, FOREIGN),
    ("blog.example:8000", "http", "http://blog.example:8001", FOREIGN, FOREIGN),
    ("BLOG.example", "http", "http://blog.example", SAME, SAME),
    ("127.0.0.1:8000", "http", "http://127.0.0.1:8000", SAME, SAME),
    ("127.0.0.1:8000", "http", "http://localhost:8000", FOREIGN, FOREIGN),
    ("[::1]:8000", "http", "http://[::1]:8000", SAME, SAME),
    ("blog.example", "ftp", "ftp://blog.example", FOREIGN, FOREIGN),
]


@pytest.mark.parametrize(("host", "scheme", "theirs", "plain", "proxied"), HOSTS)
@pytest.mark.parametrize("header", ["origin", "referer"])
def test_host_and_port_must_be_ours_and_the_scheme_unless_a_proxy_hides_it(
    host, scheme, theirs, plain, proxied, header
):
    given = {"sec_fetch_site": None, "origin": None, "referer": None, header: theirs}
    for behind_tls_proxy, expected in ((False, plain), (True, proxied)):
        verdict = judge(host=host, scheme=scheme, behind_tls_proxy=behind_tls_proxy, **given)
        assert verdict is expected


@given(st.text(max_size=80), st.text(max_size=80))
def test_anything_gets_a_verdict_and_nothing_odd_is_ours(origin, referer):
    verdict = judge(
        sec_fetch_site=None,
        origin=origin,
        referer=referer,
        host="blog.example",
        scheme="https",
        behind_tls_proxy=True,
    )
    assert verdict is FOREIGN


def test_request_brings_its_headers_host_and_scheme(rf: RequestFactory, settings):
    settings.ALLOWED_HOSTS = ["blog.example"]
    asked = {
        "sec_fetch_site": {"headers": {"Sec-Fetch-Site": "same-origin"}},
        "origin": {"headers": {"Origin": "https://blog.example"}},
        "referer": {"headers": {"Referer": "https://blog.example/"}},
    }
    for extra in asked.values():
        request = rf.post("/", secure=True, HTTP_HOST="blog.example", **extra)
        assert is_ours(request, behind_tls_proxy=False) is SAME
    request = rf.post("/", HTTP_HOST="blog.example", headers={"Origin": "https://blog.example"})
    assert is_ours(request, behind_tls_proxy=False) is FOREIGN
    assert is_ours(request, behind_tls_proxy=True) is SAME
    assert is_ours(rf.post("/", HTTP_HOST="blog.example"), behind_tls_proxy=False) is (NO_EVIDENCE)
