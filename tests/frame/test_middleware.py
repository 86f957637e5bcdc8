import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from blogsite import csp, middleware
from blogsite.lib import request_id

ASK = RequestFactory()


def answer(request):
    return HttpResponse("ok")


def test_a_given_request_id_is_kept():
    response = middleware.request_id(answer)(ASK.get("/", headers={"X-Request-ID": "abc-12345"}))
    assert response["X-Request-ID"] == "abc-12345"
    assert request_id.current.get() == "abc-12345"


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "abc_12345", "abc 12345", "äöüäöüäöü", "a\nb"]
)
def test_an_odd_request_id_is_replaced(given):
    response = middleware.request_id(answer)(ASK.get("/", headers={"X-Request-ID": given}))
    assert len(response["X-Request-ID"]) == 16
    assert response["X-Request-ID"] != given


def test_every_request_has_an_id_of_its_own():
    ids = {middleware.request_id(answer)(ASK.get("/"))["X-Request-ID"] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize("path", ["/a%00b/", "/?q=%00", "/?a=1&%00=2"])
def test_nul_in_the_address_is_a_bad_request(client, path):
    assert client.get(path).status_code == 400


def test_a_body_is_let_in_up_to_its_limit(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    let_in = middleware.refuse_bad_input(answer)
    assert let_in(ASK.post("/", b"x" * 1000, content_type="text/plain")).status_code == 200
    assert let_in(ASK.post("/", b"x" * 1001, content_type="text/plain")).status_code == 413


def test_a_file_may_be_larger_than_a_form(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.MAX_UPLOAD_BYTES = 3 * 2**20
    let_in = middleware.refuse_bad_input(answer)
    kind = "multipart/form-data; boundary=x"
    assert let_in(ASK.post("/", b"x" * 3 * 2**20, content_type=kind)).status_code == 200
    refused = let_in(ASK.post("/", b"x" * 5 * 2**20, content_type=kind))
    assert refused.status_code == 413
    assert "4 MB" in refused.content.decode()


def test_headers_are_on_every_answer():
    headers = middleware.security_headers(answer)(ASK.get("/")).headers
    assert headers["Content-Security-Policy"] == csp.header(csp.POLICY)
    assert "camera=()" in headers["Permissions-Policy"]
    assert "X-Robots-Tag" not in headers


def test_staging_is_not_indexed(settings):
    settings.ENV = "staging"
    headers = middleware.security_headers(answer)(ASK.get("/")).headers
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_view_may_have_a_policy_of_its_own():
    def preview(request):
        response = HttpResponse()
        response._csp_config = csp.POLICY | {"frame-ancestors": [csp.SELF]}
        return response

    def media(request):
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'; sandbox"})

    wrapped = middleware.security_headers(preview)(ASK.get("/"))
    assert "frame-ancestors 'self'" in wrapped["Content-Security-Policy"]
    wrapped = middleware.security_headers(media)(ASK.get("/"))
    assert wrapped["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_developers_see_djangos_error_page(settings):
    def broken(request):
        return HttpResponse(status=500)

    assert "Content-Security-Policy" in middleware.security_headers(broken)(ASK.get("/"))
    settings.DEBUG = True
    assert "Content-Security-Policy" not in middleware.security_headers(broken)(ASK.get("/"))


def test_the_policy_is_strict():
    policy = csp.POLICY
    assert policy["default-src"] == ["'none'"]
    assert policy["style-src"] == ["'self'"]
    assert len(policy["script-src"]) == 2
    assert policy["script-src"][1].startswith("'sha256-")
    assert "unsafe" not in csp.header(policy)
    for name in ("base-uri", "object-src", "frame-ancestors"):
        assert policy[name] == ["'none'"]
    assert policy["form-action"] == ["'self'"]


@pytest.mark.django_db
def test_real_pages_carry_the_headers(client):
    headers = client.get("/admin/login/").headers
    assert headers["Content-Security-Policy"] == csp.header(csp.POLICY)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert len(headers["X-Request-ID"]) == 16


def test_https_is_insisted_on(settings, db):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 1000
    response = Client().get("/admin/login/?next=/")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/admin/login/?next=/"
    assert "Strict-Transport-Security" not in response
    response = Client().get("/static/css/base.css", secure=True)
    response.close()
    assert response["Strict-Transport-Security"] == "max-age=1000"


@pytest.mark.parametrize(
    ("header", "status"), [(None, 301), (("HTTP_X_FORWARDED_PROTO", "https"), 404)]
)
def test_a_forwarded_scheme_counts_only_behind_a_proxy_of_ours(settings, header, status, db):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, header
    response = Client(headers={"X-Forwarded-Proto": "https"}).get("/not/there/")
    assert response.status_code == status
