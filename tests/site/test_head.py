"""Code of the owner's in the head of public pages: what may stand there, for whom, and where."""

import base64
import hashlib
import html
import re

import pytest
from django.contrib.auth.models import Permission

from blogsite.pagecache.stamps import pending
from blogsite.site.head import Head
from blogsite.site.models import SiteSettings
from tests import factories
from tests.site.test_admin import FORM, GOOD

pytestmark = pytest.mark.django_db

HOSTS = "stats.example.org, cdn.example.org"
INLINE = '\nlet a = "<b>" && 1 < 2;\n'
CODE = f"""\
<!-- Counter -->
<META NAME="proof" content='"of" me'>
<link rel=me href=https://social.example/@low>
<script defer data-site="1" src="https://stats.example.org/c.js"></script>
<script>{INLINE}</script>
<script type="application/ld+json">{{"@type": "Blog"}}</script>
"""
HASH = f"'sha256-{base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()}'"

REFUSED = {
    '<base href="https://evil.example/">': "<base> may not stand here, only link, meta and script.",
    '<meta http-equiv="refresh" content="0;url=//evil.example">': "attribute “http-equiv”",
    '<meta name="Referrer" content="unsafe-url">': "The blog itself says what “referrer” is.",
    "<link rel=import href=/x>": "A link of the kind “import” may not stand here.",
    '<link rel="me preload" href="https://cdn.example.org/x">': "kind “preload”",
    "<link rel=modulepreload href=https://cdn.example.org/x>": "kind “modulepreload”",
    "<link href=/x>": "A link of the kind “” may not stand here.",
    "<link rel=stylesheet href=https://evil.example/x.css>": "evil.example is not on the list",
    "<script src=https://cdn.example.org/x onerror=alert(1)></script>": "attribute “onerror”",
    "<meta name=x content=y onload=alert(1)>": "attribute “onload”",
    '<link rel="me" href="https://a.example" style="x">': "attribute “style”",
    "<script src=https://evil.example/x></script>": "The host evil.example is not on the list",
    "<script src=http://cdn.example.org/x></script>": "is not the https:// address",
    "<script src=//cdn.example.org/x></script>": "is not the https:// address",
    "<script src=/media/x.js></script>": "is not the https:// address",
    "<script src=data:text/javascript,alert(1)></script>": "is not the https:// address",
    "<script src=https://cdn.example.org@evil.example/></script>": "is not the https:// address",
    "<script src=https://cdn.example.org\\@evil.example/></script>": "is not the https:// address",
    "<script src=https://cdn.example.org:8443/></script>": "is not the https:// address",
    "<script src></script>": "“” is not the https:// address",
    "<script src=https://cdn.example.org/x>alert(1)</script>": "no text of its own: “alert(1)”",
    "<script type=importmap>{}</script>": "A script of the type “importmap”",
    "<script type='application/ld+json' src=https://cdn.example.org/x></script>": "of the type",
    "<script>let swallowed = 1": "A <script> is not closed: “let swallowed = 1”.",
    "<script>1<!-- 2</script>": "hide where it ends",
    "<script>1<!--<script></script>": "script",
    "<script/src=https://cdn.example.org/x>": "is not closed",
    "</head><body>": "</head> ends nothing here.",
    "</script><script>1</script>": "</script> ends nothing here.",
    "<title>Other</title>": "<title> may not stand here",
    "<style>body{}</style>": "<style> may not stand here",
    "<noscript><img src=x></noscript>": "<noscript> may not stand here",
    "<svg><script>alert(1)</script></svg>": "<svg> may not stand here",
    "<!doctype html>": "<doctype html> may not stand here",
    "<?xml version='1.0'?>": "may not stand here",
    "Hello": "Text would show up on the page: “Hello”.",
    "<meta name=a": "What begins with “<meta name=a” is not closed.",
    "<!-- open": "What begins with “<!-- open” is not closed.",
}


def test_everything_else_is_refused_with_what_and_why():
    for code, told in REFUSED.items():
        refused = Head(code, HOSTS).refused
        assert any(told in sentence for sentence in refused), (code, refused)
        both = Head(CODE + code, HOSTS)
        assert (both.html, both.policy) == ("", {}), code


def test_host_has_to_be_the_name_of_one():
    for host in ("*.example.org", "localhost", "127.0.0.1", "a.b;script-src", "'self'", "-a.org"):
        told = f"“{host}” is no host. Write one like stats.example.org."
        assert Head("", host).refused == [told]


def test_stored_code_that_today_is_refused_reaches_no_page():
    site = SiteSettings(head_code="<base href=/>", head_html="<base href=/>")
    site.derive()
    assert (site.head_html, site.head_policy) == ("", {})


def test_what_is_understood_is_written_anew():
    code = Head(CODE.replace("\n", "\r\n"), HOSTS)
    assert code.refused == []
    assert code.html == (
        '<meta name="proof" content="&quot;of&quot; me">\n'
        '<link rel="me" href="https://social.example/@low">\n'
        '<script defer data-site="1" src="https://stats.example.org/c.js"></script>\n'
        f"<script>{INLINE}</script>\n"
        '<script type="application/ld+json">{"@type": "Blog"}</script>'
    )
    hosts = ["https://cdn.example.org", "https://stats.example.org"]
    assert code.policy == {"script-src": [HASH, *hosts], "connect-src": hosts}
    styles = Head("<link rel=stylesheet href=https://cdn.example.org/x.css>", "cdn.example.org")
    cdn = ["https://cdn.example.org"]
    assert styles.policy == {"style-src": cdn, "font-src": cdn}
    assert Head("<meta name=a content=b>", HOSTS).policy == {}


def save(client, **fields):
    return client.post(FORM, GOOD | {"language": "en"} | fields)


def test_only_administrators_are_shown_it_and_heard(client, people):
    sent = {"head_code": CODE, "head_hosts": HOSTS}
    editor = people["Editor"]
    editor.user_permissions.set(
        Permission.objects.filter(codename__in=["view_sitesettings", "change_sitesettings"])
    )
    client.force_login(editor)
    assert 'name="head_' not in client.get(FORM).content.decode()
    assert save(client, **sent).status_code == 302
    assert (SiteSettings.current().title, SiteSettings.current().head_code) == ("Low Water", "")
    client.force_login(people["Administrator"])
    assert 'name="head_code"' in client.get(FORM).content.decode()
    response = save(client, head_code="<base href=/>\n<meta name=kept>", head_hosts=HOSTS)
    shown = html.unescape(response.content.decode())
    assert "<base> may not stand here, only link, meta and script." in shown
    assert "<base href=/>\n<meta name=kept></textarea>" in shown.replace("\r\n", "\n")
    assert save(client, **sent).status_code == 302
    site = SiteSettings.current()
    assert HASH in site.head_policy["script-src"]
    assert "site" in pending()
    client.force_login(editor)
    save(client, title="Still there", head_code="")
    assert SiteSettings.current().head_html == site.head_html


def test_stands_on_public_pages_alone(client, people):
    site = SiteSettings.current()
    site.head_code, site.head_hosts = CODE, HOSTS
    site.save()
    factories.post("Fog")
    factories.draft("Secret", author=people["Author"])

    def has_code(path: str) -> bool:
        response = client.get(path)
        policy = response.headers["Content-Security-Policy"]
        found = {INLINE in response.content.decode(), "stats.example.org" in policy, HASH in policy}
        assert len(found) == 1, path
        return found.pop()

    for path in ("/", "/fog/", "/archive/", "/tags/"):
        assert has_code(path), path
    policy = client.get("/").headers["Content-Security-Policy"]
    assert re.search(r"script-src 'self' 'sha256-\S+' \S+ https://cdn\S+ https://stats\S+;", policy)
    assert "default-src 'none'; " in policy
    client.force_login(people["Author"])
    assert has_code("/fog/")
    for path in (
        "/nowhere/",
        "/archive/1999/",
        "/search/?q=fog",
        "/secret/",
        "/admin/",
        "/admin/password_change/",
    ):
        assert not has_code(path), path
    client.logout()
    assert not has_code("/admin/login/")
