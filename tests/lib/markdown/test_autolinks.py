import pytest

from tests.lib.markdown.rendering import post

FOUND = [
    ("http://a.example", "http://a.example"),
    ("HTTPS://A.example/B", "HTTPS://A.example/B"),
    ("http://localhost:8000/x", "http://localhost:8000/x"),
    ("https://a.example/b_c*d_e?f=1&g#h", "https://a.example/b_c*d_e?f=1&g#h"),
    ("https://a.example/b_(c)", "https://a.example/b_(c)"),
    ("https://a.example/b_(c))", "https://a.example/b_(c)"),
    ("https://a.example.", "https://a.example"),
    ("https://a.example/b?!.,:", "https://a.example/b"),
    ("https://a.example/b&copy;", "https://a.example/b"),
    ("https://пример.example/ä", "https://пример.example/ä"),
    ("https://a.example。つぎ", "https://a.example"),
    ("www.a.example/b", "www.a.example/b"),
    ("me.and_you+x@a-b.example", "me.and_you+x@a-b.example"),
    ("mailto:me@a.example", "mailto:me@a.example"),
]
NOT_FOUND = [
    "http://", "http://.a", "http://a_b.c_d", "xhttp://a.example", "xwww.a.example",
    "www.", "a@b", "@a.example", "a@b.c-", "a@b.c_", "javascript://a.example",
    "`http://a.example`", "http\\://a.example", "//a.example", "a.example",
]  # fmt: skip


@pytest.mark.parametrize(("source", "shown"), FOUND)
def test_bare_addresses_become_links(source, shown):
    html = post(f"See {source} there")
    assert html.count("<a href=") == 1
    assert f">{shown.replace('&', '&amp;')}</a>" in html


@pytest.mark.parametrize("source", NOT_FOUND)
def test_other_text_stays_text(source):
    assert "<a" not in post(f"See {source} there")


def test_addresses_get_the_scheme_they_lack():
    assert '<a href="http://www.a.example">' in post("www.a.example")
    assert '<a href="mailto:me@a.example">' in post("me@a.example")


@pytest.mark.parametrize("mark", ["*{}*", "**{}**", "({})", '"{}"', "“{}”", "~~{}~~", "> {}"])
def test_addresses_are_found_between_marks(mark):
    html = post(mark.format("https://a.example/b"))
    assert '<a href="https://a.example/b">https://a.example/b</a>' in html


def test_no_link_stands_inside_a_link():
    html = post("[https://a.example www.b.example me@c.example](/d)")
    assert html.count("<a ") == 1
    html = post('<a href="/d">https://a.example www.b.example</a> www.c.example')
    assert html.count("<a ") == 2
