import re

import pytest

from blogsite.lib.markdown import colours, render
from tests.lib.markdown.rendering import comment, post

COPY = '<button class="copy" hidden="" type="button">Copy</button>'


def test_code_without_a_language_is_plain():
    assert post("```\na < b\n```") == '<pre tabindex="0"><code>a &lt; b\n</code></pre>\n'


def test_code_is_coloured_line_by_line_under_its_languages_name():
    assert post("```py\ndef f():  # c\n    return 1\n```") == (
        f'<figure class="code"><figcaption>Python{COPY}</figcaption><pre tabindex="0"><code>'
        '<span class="line"><span class="k">def</span> <span class="nf">f</span>():  '
        '<span class="c1"># c</span></span>\n'
        '<span class="line">    <span class="k">return</span> <span class="mi">1</span></span>'
        "</code></pre></figure>\n"
    )


def test_strings_over_several_lines_are_coloured_on_each():
    html = post('```python\nx = """a\n\nb"""\n```')
    assert (
        'a</span></span>\n<span class="line"></span>\n<span class="line"><span class="s2">b' in html
    )


@pytest.mark.parametrize(
    "info",
    ["python tide.py", "python file=tide.py", 'python title="tide.py"', "python {1} tide.py"],
)
def test_a_file_name_is_the_caption(info):
    assert f"<figcaption>tide.py{COPY}</figcaption>" in post(f"```{info}\nx\n```")


def test_a_file_name_is_text():
    html = post('```python file="<b>&quot;.py"\nx\n```')
    assert f'<figcaption>&lt;b&gt;".py{COPY}</figcaption>' in html


def test_lines_can_be_marked():
    html = post("``` {1,3-4}\na\nb\nc\nd\n```")
    marked = [line.split("</span>")[0][-1] for line in html.split('class="line hll">')[1:]]
    assert marked == ["a", "c", "d"]


def test_lines_can_be_numbered_from_anywhere():
    html = post("```text numbers=9\na\nb\n```")
    assert '<span class="line" data-n="9">a</span>\n<span class="line" data-n="10">b</span>' in html
    assert 'data-n="1"' in post("``` numbers\na\n```")


@pytest.mark.parametrize(
    "info", ["{99999999999-}", "{5-1}", "{-}", "{,}", "numbers=x", 'title="', "{1-99999}", "{0}"]
)
def test_odd_options_do_no_harm(info):
    assert re.search(">x\n?</", post(f"```text.x {info}\nx\n```"))


def test_unknown_languages_are_plain():
    assert post("```klingon\nx = 1\n```") == '<pre tabindex="0"><code>x = 1\n</code></pre>\n'


def test_every_language_of_the_list_exists_and_keeps_the_text():
    known = set(colours._names().values())
    assert known == set(colours.LANGUAGES)
    for language in ("HTML", "YAML", "Bash Session", "PHP", "Diff"):
        source = "a: <b>\n\n\t$ 'c' \\\n  # d"
        pieces = colours.pieces(source + "\n", language, _document(source))
        assert "".join(text for _css, text in pieces) == source + "\n"


def _document(source):
    from blogsite.lib.markdown.document import Document

    return Document(source, "post", "en")


def test_code_too_long_for_colours_is_shown_plain_and_whole():
    lines = 3000
    html = post("```python\n" + "x = 1\n" * lines + "```")
    assert html.count('<span class="line">x = 1</span>') == lines


@pytest.mark.parametrize("odd", ["\n" * 50, "y" * 600])
def test_code_that_lexers_are_slow_on_is_shown_plain_and_whole(odd):
    html = post(f"```python\nx = 1{odd}\n```")
    assert 'class="mi"' not in html
    assert odd.strip("\n") in html


def test_many_blocks_share_one_allowance_of_colour():
    block = "```python\n" + "x = [1, 2, 3]\n" * 300 + "```\n\n"
    html = post(block * 12)
    assert html.count('<span class="line">x') == 12 * 300
    first, last = html.split("</figure>")[0], html.split("</figure>")[-2]
    assert 'class="mi"' in first
    assert 'class="mi"' not in last


def test_comments_have_coloured_code_too():
    assert '<span class="k">def</span>' in comment("```python\ndef f(): pass\n```")


def test_code_is_part_of_the_text_but_not_of_the_opening():
    rendered = render("Before.\n\n```python\nsecret = 1\n```")
    assert "secret = 1" in rendered.text
    assert rendered.opening == "Before."
