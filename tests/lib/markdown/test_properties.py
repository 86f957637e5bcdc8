"""What holds for every text."""

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blogsite.lib.markdown import Refused, absolute, render
from blogsite.lib.markdown.sanitize import sanitize

PIECES = [
    "a", "word ", "\n", "\n\n", "    ", "\t", "- ", "1. ", "> ", "# ", "## x\n", "***", "*", "**",
    "_", "~~", "`", "```\n", "```python\n", "[", "](", ")", "](/x)", "![", "[^1]", "[^1]: n\n",
    "^[", "[r]", "[r]: /x\n", "|", "|a|\n|-|\n", "> [!NOTE]\n", "- [ ] ", "<b>", "</b>",
    "<i id=x ",
    "<div>", "</div>\n", "<p>", "<!--", "-->", "<script>", "</script>", "<details><summary>",
    "<table><tr>", "<a href=", "'", '"', "&amp;", "&#0;", "\\", "{wide}", "{#x}", "*[a]: b\n",
    ": x\n", "++k++", "$", "$$\n", "http://x.example", "www.x.example", "@x.example", "[TOC]\n\n",
    "---\n", "===\n", "…", "漢", "\u202e", "\u0301", "\x00", "\x0b", "\ud800", "\ufeff", "😀",
]  # fmt: skip
markdown = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
anything = st.text(st.characters(), max_size=200)


@given(st.one_of(markdown, anything), st.sampled_from(["post", "comment"]))
@settings(max_examples=300, deadline=None)
@example("\ud800", "post")
@example("", "post")
def test_no_text_makes_it_fail_and_the_same_text_gives_the_same(source, profile):
    first = render(source, profile, math=True)
    assert first == render(source, profile, math=True)
    first.html.encode()
    first.text.encode()


@given(markdown)
@settings(max_examples=300, deadline=None)
@example("<table><tr>\ufeff")
def test_sanitising_again_changes_nothing(source):
    rendered = render(source, math=True).html
    assert sanitize(rendered, "post") == rendered
    rendered = render(source, "comment").html
    assert sanitize(rendered, "comment") == rendered


@given(markdown)
@settings(max_examples=100, deadline=None)
def test_what_is_stored_stays_inside_its_element(source):
    inside = f"<!doctype html><title>t</title><main>{render(source, math=True).html}</main><p>end"
    body = html5lib.parse(inside, namespaceHTMLElements=False).find("body")
    assert [child.tag for child in body] == ["main", "p"]


@given(markdown)
@settings(max_examples=100, deadline=None)
def test_addresses_elsewhere_are_full(source):
    sent = absolute(render(source, math=True).html, "https://blog.example/post/")
    for element in html5lib.parseFragment(sent, namespaceHTMLElements=False).iter():
        for name in ("href", "src", "poster", "cite"):
            value = element.get(name, "https://x/")
            assert value.split(":")[0].lower() in ("https", "http", "mailto", "ftp"), value


@given(st.lists(st.from_regex(r"[a-z]{3,8}", fullmatch=True), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_plain_words_come_out_as_they_went_in(words):
    source = " ".join(words)
    rendered = render(source)
    assert rendered.html == f"<p>{source}</p>\n"
    assert (rendered.text, rendered.word_count) == (source, len(words))


@given(st.integers(0, 60), st.sampled_from(["> ", "- ", "1. ", "> - ", "* > "]))
@settings(max_examples=60, deadline=None)
def test_any_depth_is_shown_or_refused_in_words(depth, mark):
    source = mark * depth + "words"
    try:
        rendered = render(source)
    except Refused:
        with pytest.raises(Refused, match="Nothing is lost"):
            render(source)
    else:
        assert "words" in rendered.text
