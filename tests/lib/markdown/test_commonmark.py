"""The core of Markdown, case by case in our own words.

The whole of the specification's examples is checked by bench/commonmark.py, which takes
them from a file; what differs there, and why, is listed there.
"""

import pytest

from tests.lib.markdown.rendering import post

BLOCKS = [
    ("one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n"),
    ("   indented a little", "<p>indented a little</p>\n"),
    ("\tcode\n\n\tmore", '<pre tabindex="0"><code>code\n\nmore\n</code></pre>\n'),
    ("text\n    not code", "<p>text\nnot code</p>\n"),
    ("```\na *b*\n```", '<pre tabindex="0"><code>a *b*\n</code></pre>\n'),
    ("~~~\n```\n~~~", '<pre tabindex="0"><code>```\n</code></pre>\n'),
    ("***\n---\n_ _ _", "<hr>\n<hr>\n<hr>\n"),
    ("- - -\n+++", "<hr>\n<p>+++</p>\n"),
    ("## two ##\n####### seven", '<h2 id="two">two</h2>\n<p>####### seven</p>\n'),
    ("#no space", "<p>#no space</p>\n"),
    ("\\## escaped", "<p>## escaped</p>\n"),
    ("two\n---", '<h2 id="two">two</h2>\n'),
    ("> one\ntwo", "<blockquote>\n<p>one\ntwo</p>\n</blockquote>\n"),
    ("> > deep", "<blockquote>\n<blockquote>\n<p>deep</p>\n</blockquote>\n</blockquote>\n"),
    ("> a\n\n> a", "<blockquote>\n<p>a</p>\n</blockquote>\n" * 2),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    ("- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n"),
    ("- a\n* b", "<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n</ul>\n"),
    ("7. a\n8. b", '<ol start="7">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
    ("1) a\n2. b", '<ol>\n<li>a</li>\n</ol>\n<ol start="2">\n<li>b</li>\n</ol>\n'),
    ("text\n14. no list", "<p>text\n14. no list</p>\n"),
    ("- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n"),
    ("1234567890. too long", "<p>1234567890. too long</p>\n"),
    ("-\n\n  no item", "<ul>\n<li></li>\n</ul>\n<p>no item</p>\n"),
    ("[a]: /b 'c'\n\n[a]", '<p><a href="/b" title="c">a</a></p>\n'),
    ("[ẞ]: /b\n\n[SS]", '<p><a href="/b">SS</a></p>\n'),
    ("[a]: /one\n[a]: /two\n\n[a]", '<p><a href="/one">a</a></p>\n'),
    ("a\n[b]: /c", "<p>a\n[b]: /c</p>\n"),
]
INLINE = [
    ("*a* _b_ **c** __d__ ***e***", "<em>a</em> <em>b</em> <strong>c</strong> "
     "<strong>d</strong> <em><strong>e</strong></em>"),
    ("snake_case_word 2*3*4", "snake_case_word 2<em>3</em>4"),
    ("**a*", "*<em>a</em>"),
    ("*a __b* c__", "<em>a __b</em> c__"),
    ("*(**a**)*", "<em>(<strong>a</strong>)</em>"),
    ("**“a”**b", "**“a”**b"),
    ("`a` ``b ` c`` ` d `", "<code>a</code> <code>b ` c</code> <code>d</code>"),
    ("`*a*` *`b*`", "<code>*a*</code> *<code>b*</code>"),
    ("`unclosed", "`unclosed"),
    ("\\*a\\* \\a", "*a* \\a"),
    ("&amp; &copy; &#35; &#x22; &bogus; &#0;", '&amp; © # " &amp;bogus; \ufffd'),
    ("[a](b)", '<a href="b">a</a>'),
    ("[a](<b c> 'd')", '<a href="b%20c" title="d">a</a>'),
    ("[a](b(c)d)", '<a href="b(c)d">a</a>'),
    ("[a](b c)", "[a](b c)"),
    ("[a](ä&auml;)", '<a href="%C3%A4%C3%A4">a</a>'),
    ("[a [b](c)](d)", '[a <a href="c">b</a>](d)'),
    ("[*a*](b)", '<a href="b"><em>a</em></a>'),
    ("*[a*](b)", '*<a href="b">a*</a>'),
    ("[a]( )", '<a href="">a</a>'),
    ("![*a* b](c)", '<img src="c" alt="a b">'),
    ("![a ![b](c)](d)", '<img src="d" alt="a b">'),
    ("<https://a.example/?b=[c]>", '<a href="https://a.example/?b=%5Bc%5D">'
     "https://a.example/?b=[c]</a>"),
    ("<me@a.example>", '<a href="mailto:me@a.example">me@a.example</a>'),
    ("a  \nb\\\nc", "a<br>\nb<br>\nc"),
    ("a   \n   b", "a<br>\nb"),
    ("a < b > c", "a &lt; b &gt; c"),
    ("a\u00a0*\u00a0b", "a&nbsp;*&nbsp;b"),
]  # fmt: skip
GITHUB = [
    ("~~a~~ ~b~ ~~~c~~~", "<p><s>a</s> <s>b</s> ~~~c~~~</p>\n"),
    ("~~a~", "<p>~~a~</p>\n"),
    ("a | b\n- |", "<p>a | b</p>\n<ul>\n<li>|</li>\n</ul>\n"),
]


@pytest.mark.parametrize(("source", "expected"), BLOCKS)
def test_blocks(source, expected):
    assert post(source) == expected


@pytest.mark.parametrize(("source", "expected"), INLINE)
def test_inline(source, expected):
    assert post(source, smart_quotes=False) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize(("source", "expected"), GITHUB)
def test_github_additions(source, expected):
    assert post(source) == expected


def test_line_breaks_of_every_system_are_the_same():
    assert post("a\r\nb\rc\n") == post("a\nb\nc")


def test_tabs_count_as_four_columns():
    assert post("-\ta\n\n\tb") == post("-   a\n\n    b")
