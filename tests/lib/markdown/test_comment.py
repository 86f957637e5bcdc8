import pytest

from blogsite.lib.markdown import Refused, render
from tests.lib.markdown.rendering import comment


def test_comments_have_paragraphs_emphasis_lists_quotes_and_links():
    assert comment("*a* **b** ~~c~~ `d`  \ne\n\n> f\n\n- g\n\n3. h") == (
        "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code><br>\ne</p>\n"
        "<blockquote>\n<p>f</p>\n</blockquote>\n<ul>\n<li>g</li>\n</ul>\n"
        '<ol start="3">\n<li>h</li>\n</ol>\n'
    )


@pytest.mark.parametrize("source", ["[a](https://b.example)", "https://b.example", "b@c.example"])
def test_links_in_comments_lend_no_weight(source):
    assert 'rel="nofollow ugc">' in comment(source)


@pytest.mark.parametrize(
    "source",
    ["# a", "a\n===", "a\n---", "![a](b.png)", "|a|\n|-|\n|b|", "a[^1]\n\n[^1]: b", "[TOC]",
     "- [ ] a", "*[A]: b", "++A++", "a\n: b", "> [!NOTE]\n> a", "<img src=x>", "$a$", "***"],
)  # fmt: skip
def test_everything_else_is_plain(source):
    html = comment(source)
    for tag in ("<h", "<img", "<table", "<sup", "<nav", "<input", "<abbr", "<kbd", "<dl", "class=",
                "<math", "id="):  # fmt: skip
        assert tag not in html


def test_a_picture_in_a_comment_is_a_link_with_its_description():
    assert comment("![a cat](https://b.example/c.png)") == (
        '<p><a href="https://b.example/c.png" rel="nofollow ugc">a cat</a></p>\n'
    )


def test_names_and_reply_quotes_stay_plain():
    assert comment("@ines yes\n\n> said\n\n@a@b.example") == (
        "<p>@ines yes</p>\n<blockquote>\n<p>said</p>\n</blockquote>\n<p>@a@b.example</p>\n"
    )


def test_comments_have_a_length():
    assert render("x" * 10_000, "comment").word_count == 1
    with pytest.raises(Refused, match="10001 characters and 10000 is the most"):
        render("x" * 10_001, "comment")
