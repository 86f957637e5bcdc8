"""What every public page keeps to: its policy, its weight, its outline."""

import gzip
import random
import re
from html.parser import HTMLParser

import pytest
from django.contrib.staticfiles import finders
from django.urls import set_script_prefix

from blogsite.site import errors
from blogsite.site.look import THEME_SWITCH
from blogsite.site.models import SiteSettings
from tests import factories

pytestmark = pytest.mark.django_db

LAYOUTS = ["list", "cards", "magazine"]
EVERYTHING = """\
# A *whole* text

Words[^1] and `code`, ==marked== and ~~gone~~, with ++Ctrl+C++.

[^1]: A note.

> [!WARNING]
> Mind the weed.

| a | b |
|:-:|--:|
| 1 | 2 |

```python tide.py {1} numbers=3
print("tide")
```

- [x] done

<p style="color:red" onclick="alert(1)">raw</p><script>alert(1)</script>

![A gauge](/media/gauge.jpg "The gauge"){wide}
"""


class Scan(HTMLParser):
    """Collects what the content security policy forbids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts: list[str] = []
        self._inline = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        # Data is no program: nothing runs it.
        is_data = given.get("type") == "application/ld+json"
        self._inline = tag == "script" and "src" not in given and not is_data
        if tag == "style":
            self.found.append("<style>")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag} {name}>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data):
        if self._inline:
            self.scripts.append(data)

    def handle_endtag(self, tag):
        self._inline = False


def page(client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def packed(*texts: str) -> int:
    return sum(len(gzip.compress(text.encode(), 6)) for text in texts)


def sheets(client, html: str) -> list[str]:
    """Every style sheet the page asks for."""
    addresses = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    return [_sheet(client, address) for address in addresses]


def _sheet(client, address: str) -> str:
    if address.startswith("/look-"):
        return client.get(address).content.decode()
    with open(finders.find(address.removeprefix("/static/")), encoding="utf-8") as file:
        return file.read()


def prose(words: int) -> str:
    """Text that packs about as well as prose does: no two sentences alike."""
    chance = random.Random(7)
    letters = "etaoinshrdlucmfwypvbgk"
    lexicon = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(700)]
    sentences = (" ".join(chance.choices(lexicon, k=12)).capitalize() for _ in range(words // 12))
    return "\n\n".join(". ".join(six) + "." for six in zip(*[sentences] * 6, strict=False))


@pytest.fixture(params=LAYOUTS)
def layout(request):
    SiteSettings.objects.update(
        home_layout=request.param,
        navigation=[{"label": "About", "address": "/about/"}],
        footer_html="<p>Set in your own typefaces.</p>",
    )
    return request.param


@pytest.fixture
def shelf():
    author = factories.user("ines", display_name="Ines Halvorsen", bio_html="<p>Reads gauges.</p>")
    series = factories.series("Reading the sea")
    for number in range(9):
        factories.post(f"Part {number}", author=author, tags=[factories.tag()], series=series,
                       series_position=number, dek="A standfirst.")  # fmt: skip
    return factories.post("Everything", author=author, body=EVERYTHING, is_featured=True)


# -- the policy ------------------------------------------------------------------------------


def test_home_keeps_to_the_policy(client, layout, shelf):
    scan = Scan(page(client, "/"))
    assert (scan.found, scan.scripts) == ([], [THEME_SWITCH])


@pytest.mark.parametrize("path", ["/everything/", "/part-3/"])
def test_post_keeps_to_the_policy(client, shelf, path):
    scan = Scan(page(client, path))
    assert (scan.found, scan.scripts) == ([], [THEME_SWITCH])


@pytest.mark.parametrize(
    "answer",
    [
        errors.bad_request,
        errors.permission_denied,
        errors.csrf_failure,
        errors.not_found,
        lambda request: errors.too_many(request, retry_after=60),
        errors.server_error,
        errors.unavailable,
    ],
)
def test_error_page_keeps_to_the_policy(rf, answer):
    scan = Scan(answer(rf.get("/nowhere/")).content.decode())
    assert (scan.found, scan.scripts) == ([], [THEME_SWITCH])


def test_author_side_keeps_to_the_policy(client):
    client.force_login(factories.user(role="Administrator"))
    for path in ("/admin/", "/admin/posts/post/add/", "/admin/site/sitesettings/1/change/"):
        scan = Scan(page(client, path))
        assert (scan.found, "".join(scan.scripts).strip()) == ([], "")


# -- weight ----------------------------------------------------------------------------------


def test_home_weighs_little(client, layout):
    SiteSettings.objects.update(posts_per_page=20)
    for number in range(20):
        factories.post(prose(12)[:60], dek=prose(24)[number:140], tags=[factories.tag()])
    html = page(client, "/")
    assert packed(html, *sheets(client, html)) <= 9_000


def test_post_of_a_thousand_words_leaves_room_for_comments(client):
    factories.post("Long", body=prose(1_020), tags=[factories.tag()])
    html = page(client, "/long/")
    assert html.split('class="prose"')[1].count(" ") > 900
    assert packed(html, *sheets(client, html)) <= 9_100


@pytest.mark.parametrize(
    ("kind", "most"), [("browse", 4_300), ("article", 4_150), ("article-rich", 5_700)]
)
def test_sheet_weighs_little(kind, most):
    assert len(SiteSettings().look_sheet(kind).gzip) <= most


def test_first_paint_waits_for_two_files_where_one_reads(client, shelf):
    for path, files in (("/", 2), ("/part-3/", 2), ("/everything/", 2), ("/search/?q=tide", 3)):
        html = page(client, path)
        scripts = re.findall(r"<script(?![^>]*\bdefer\b)[^>]*\bsrc=", html)
        assert 1 + html.count('rel="stylesheet"') + len(scripts) == files, path


def kind_of(html: str) -> str:
    (kind,) = re.findall(r'<link rel="stylesheet" href="/look-([a-z-]+)-[0-9a-f]{12}\.css">', html)
    return kind


def test_text_gets_the_sheet_it_needs(client, shelf):
    assert kind_of(page(client, "/")) == "browse"
    assert kind_of(page(client, "/part-3/")) == "article"
    assert kind_of(page(client, "/everything/")) == "article-rich"
    factories.post("Harbour", kind="page", body="> Prose")
    assert kind_of(page(client, "/harbour/")) == "article"


def test_so_does_what_stands_around_it(client, shelf):
    author = shelf.author
    for bio, kind in (("Reads *gauges*.", "article"), ("```\ncode\n```", "article-rich")):
        author.bio = bio
        author.save()
        assert kind_of(page(client, "/part-3/")) == kind
    author.bio = ""
    author.save()
    for footer, kind in (("Set by hand.", "article"), ("| a |\n|---|\n| b |", "article-rich")):
        site = SiteSettings.current()
        site.footer_text = footer
        site.save()
        assert kind_of(page(client, "/part-3/")) == kind


def test_texts_that_few_may_read_get_all_of_it(client):
    SiteSettings.objects.update(lists_members_posts=True)
    draft, own = factories.draft("Draft"), factories.post("Own", visibility="members")
    assert kind_of(page(client, "/own/")) == "article-rich-apart"
    client.force_login(factories.user(role="Editor"))
    for path in (own.get_absolute_url(), "/draft/", f"/admin/posts/post/{draft.pk}/preview/"):
        assert kind_of(page(client, path)) == "article-rich-apart"


def test_script_is_optional_and_small():
    with open(finders.find("js/reader.js"), encoding="utf-8") as file:
        assert len(file.read()) <= 5_000


# -- the same for everyone -------------------------------------------------------------------


def test_page_sets_no_cookie_and_depends_on_none(client, shelf):
    client.force_login(factories.user(role="Editor"))
    for path in ("/", "/everything/"):
        response = client.get(path)
        assert response.cookies == {}
        assert "Cookie" not in response.headers.get("Vary", "")
        assert "Accept-Language" not in response.headers.get("Vary", "")


# -- the outline -----------------------------------------------------------------------------


def test_page_has_one_main_heading(client, layout, shelf):
    for path in ("/", "/everything/", "/part-3/"):
        assert page(client, path).count("<h1") == 1


def test_page_names_itself(client, shelf):
    SiteSettings.objects.update(title="Low & Water", tagline='Notes "from" a harbour')
    home, post = page(client, "/"), page(client, "/part-3/")
    assert "<title>Low &amp; Water</title>" in home
    assert '<meta name="description" content="Notes &quot;from&quot; a harbour">' in home
    assert "<title>Part 3 · Low &amp; Water</title>" in post
    assert '<meta name="description" content="A standfirst.">' in post
    assert '<link rel="canonical" href="http://testserver/part-3/">' in post
    assert '<meta property="og:type" content="article">' in post


def test_post_that_was_published_elsewhere_says_where(client):
    factories.post("Copy", canonical_url="https://first.example/copy/", noindex=True)
    html = page(client, "/copy/")
    assert '<link rel="canonical" href="https://first.example/copy/">' in html
    assert '<meta name="robots" content="noindex">' in html


def test_navigation_marks_where_the_reader_is(client):
    SiteSettings.objects.update(
        navigation=[{"label": "Tides", "address": "/tides/"}, {"label": "Fog", "address": "/fog/"}]
    )
    factories.post("Tides")
    html = page(client, "/tides/")
    assert '<a href="/tides/" aria-current="page">Tides</a>' in html
    assert '<a href="/fog/">Fog</a>' in html


@pytest.fixture
def mounted_under_blog(settings):
    settings.FORCE_SCRIPT_NAME = "/blog"
    set_script_prefix("/blog/")  # as Django's WSGI handler does; the test client leaves it out
    yield
    set_script_prefix("/")


def test_links_carry_the_prefix_of_the_site(client, mounted_under_blog):
    SiteSettings.objects.update(navigation=[{"label": "Tides", "address": "/tides/"}])
    factories.post("Tides")
    html = page(client, "/tides/")
    assert '<a href="/blog/tides/" aria-current="page">Tides</a>' in html
    assert re.search(r'href="/blog/look-article-[0-9a-f]{12}\.css"', html)
    assert '<a class="brand" href="/blog/">' in html


def test_new_blog_tells_its_owner_where_to_begin(client, layout):
    html = page(client, "/")
    assert "which is how every good blog begins" in html
    assert 'href="/admin/posts/post/add/"' in html


def test_text_in_another_language_says_so(client):
    factories.post("Nebel", language="de", dek="Ein Hafen.")
    factories.post("مد", slug="madd", language="ar")
    factories.post("Fog", language="en")
    assert '<h1 lang="de" dir="ltr">' in page(client, "/nebel/")
    assert '<div class="prose" lang="ar" dir="rtl">' in page(client, "/madd/")
    assert "<h1>Fog</h1>" in page(client, "/fog/")
    for address in ("/", "/search/?q=hafen"):
        assert page(client, address).count(' lang="de" dir="ltr">') == 2, address
    assert ' dir="rtl">مد</a>' in page(client, "/archive/")


def test_post_stands_in_its_series(client, shelf):
    html = page(client, "/part-3/")
    assert "Part 3 of 9" in html
    assert '<b aria-current="page">3. Part 3</b>' in html
    assert '<a href="/part-4/">4. Part 4</a>' in html


def test_older_posts_are_a_page_further(client, layout):
    SiteSettings.objects.update(posts_per_page=2)
    for number in range(3):
        factories.post(f"Post {number}")
    first = page(client, "/")
    (older,) = re.findall(r'<a href="(\?before=[\d-]+)" rel="next">Older</a>', first)
    second = page(client, f"/{older}")
    assert "<title>Older posts · New blog</title>" in second
    assert '<a href="/" rel="prev">Newer</a>' in second


def test_magazine_prints_the_opening_where_a_picture_would_be(client):
    SiteSettings.objects.update(home_layout="magazine")
    factories.post("Lead", body="One & *two*.[^1]\n\n[^1]: A note.\n\nThree.\n\nFour.")
    html = page(client, "/")
    assert '<div class="open"><p>One &amp; two.</p><p>Three.</p></div>' in html
