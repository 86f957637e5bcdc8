"""What a person may write in HTML, and what becomes of the rest."""

import pytest

from blogsite.lib.markdown import render
from tests.lib.markdown.rendering import comment, post, told

KEPT = [
    "a <b>b</b> <i>i</i> <u>u</u> <s>s</s> <mark>m</mark> <small>s</small> x",
    "H<sub>2</sub>O E<sup>2</sup> <kbd>Esc</kbd> <abbr title=\"A\">a</abbr>",
    '<q>q</q> <time datetime="2026-01-01">t</time> <span lang="fr">f</span>',
    '<a href="/b" title="c" hreflang="de">d</a> <bdo dir="rtl">e</bdo>',
    "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
]  # fmt: skip
DROPPED = [
    ('<b class="wide" style="x" onclick="y">a</b>', "<b>a</b>"),
    ('<b CLASS=hll aria-label=x data-x="1" role=alert tabindex=0>a</b>', "<b>a</b>"),
    ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
    ('<a href=" java&#10;script:alert(1)">a</a>', "<a>a</a>"),
    ('<a href="data:text/html,x" target="_top" ping="/x" download>a</a>', "<a>a</a>"),
    ('<img src="data:image/svg+xml,x" onerror="x">', "<img>"),
    ("<input><button>a</button><select><option>b</select>", "ab"),
    ("<script>alert(1)</script>a", "alert(1)a"),
    ('<q cite="javascript:x">a</q><ins cite="/b">c</ins>', "<q>a</q><ins>c</ins>"),
    ("<font color=red>a</font><center>b</center>", "ab"),
    ("<foo>a</foo><x-y>b</x-y>", "ab"),
    ("<!-- comment -->a<?php x ?>b<!DOCTYPE x>c", "abc"),
    ("<svg><b>a</b></svg><math><mi>b</mi></math>", "<b>a</b>b"),
]


@pytest.mark.parametrize("source", KEPT)
def test_harmless_tags_are_kept(source):
    assert post(source, smart_quotes=False) == f"<p>{source}</p>\n"


@pytest.mark.parametrize(("source", "expected"), DROPPED)
def test_the_rest_is_left_out(source, expected):
    assert post(f"x {source}") == f"<p>x {expected}</p>\n"


def test_cells_do_not_point_at_names_that_became_others():
    cells = '<th id="a" scope="col">b</th><td headers="a" colspan="2">c</td>'
    assert "headers" not in post(f"<table><tr>{cells}</tr></table>")


@pytest.mark.parametrize(
    "tag", ["script", "style", "iframe", "noscript", "noembed", "noframes", "template"]
)
def test_what_is_never_shown_goes_with_its_content(tag):
    assert post(f"<div><{tag}>x</{tag} >y</div>") == "<div>y</div>"
    assert post(f"<div><{tag}>x") == "<div></div>"


@pytest.mark.parametrize(
    "forgery",
    [
        '<figure class="code"><pre tabindex=0><code><span class="line hll">x</span></code></pre>',
        '<ol class="notes"><li id="fn-1"><a class="n" href="#ref-1" aria-label="x">1</a>',
        '<div class="callout"><p>Note</p></div>',
        '<a class="embed" href="/x">y</a>',
        '<input type="checkbox" checked disabled id="task-1"><label for="task-1">x</label>',
        '<nav class="toc" aria-label="Contents">x</nav>',
    ],
)
def test_our_own_elements_cannot_be_forged(forgery):
    for source in (forgery, f"text {forgery}", f"- {forgery}", f"a^[{forgery}]\n"):
        html = post(source).replace('<ol class="notes">', "").replace('<a class="n"', "")
        for sign in (
            "class=",
            "<input",
            "<nav",
            "<label",
            'aria-label="x"',
            'id="task',
            'id="fn-9',
        ):
            assert sign not in html


def test_ids_are_prefixed_and_links_to_them_still_lead_there():
    html = post('[a](#x) <a href="#x">b</a> <i id="x">c</i>\n\n## Main\n\n<p id=main>d</p>')
    assert html.count('href="#user-x"') == 2
    assert '<i id="user-x">' in html
    assert '<p id="user-main">' in html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a <b>b* c</b>", "<p><em>a <b>b</b></em> c</p>\n"),
        ("<b>a\n\nb</b>", "<p><b>a</b></p>\n<p>b</p>\n"),
        ("- <i>a\n- b", "<ul>\n<li><i>a</i></li>\n<li>b</li>\n</ul>\n"),
        ("a</b></p></div></article> b", "<p>a b</p>\n"),
        ("<b><i>a</b></i>", "<p><b><i>a</i></b></p>\n"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>\n"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "<table><tbody><tr><td>a</td><td>b</td></tr>"
         "<tr><td>c</td></tr></tbody></table>\n"),
        ("<div>\n\n*a*</div>\n\nb", "<div>\n<p><em>a</em></p>\n</div><p>b</p>\n"),
        ("> <div>\n> a\n\nb", "<blockquote>\n<div>\na\n</div></blockquote>\n<p>b</p>\n"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>\n"),
    ],
)  # fmt: skip
def test_tags_are_closed_where_their_block_ends(source, expected):
    assert post(source).rstrip("\n") == expected.rstrip("\n")


@pytest.mark.parametrize("unfinished", ["<div title='a", "<!-- a", "<div a", "<![CDATA[ a"])
def test_markup_that_never_ends_is_shown(unfinished):
    assert post(unfinished).startswith("&lt;" + unfinished[1:4])


def test_the_highest_heading_belongs_to_the_page():
    assert post("<h1>a</h1>") == "<h2>a</h2>"


def test_sound_and_film_always_have_controls_and_never_start_alone():
    assert post('<video src="/a.mp4" autoplay width=300></video>') == (
        '<p><video src="/a.mp4" width="300" controls=""></video></p>\n'
    )


def test_html_beyond_twenty_levels_is_flattened():
    html = post("<div>" * 50 + "x" + "</div>" * 50)
    assert (html.count("<div>"), html.count("x")) == (20, 1)


def test_tags_left_out_are_told_once_each():
    assert told("a\n<iframe src=x></iframe>\n<b>c</b>") == [
        (2, "The HTML tag <iframe> is not allowed here and was left out.")
    ]


def test_addresses_in_html_are_found():
    rendered = render('<a href="/a">b</a> <a href="javascript:x">c</a>\n\n<div><img src="/d">')
    assert (rendered.links, rendered.images) == (("/a",), ("/d",))


def test_text_of_html_is_text():
    rendered = render("<div>one <b>two</b> &lt;three&gt;</div>\n\n<p>four")
    assert rendered.text.split() == ["one", "two", "<three>", "four"]


def test_comments_show_html_as_it_was_typed():
    assert comment("<b>a</b>\n\n<div>\n*b*") == (
        "<p>&lt;b&gt;a&lt;/b&gt;</p>\n<p>&lt;div&gt;\n<em>b</em></p>\n"
    )
