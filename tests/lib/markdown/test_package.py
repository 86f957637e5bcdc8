"""The package as others see it: its interface, its cost to import, who may touch HTML."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from django.utils import translation
from django.utils.functional import lazy

from blogsite.lib.markdown import (
    Heading,
    Problem,
    Refused,
    Rendered,
    absolute,
    limits,
    paragraphs,
    problems,
    render,
)
from tests.source import PRODUCT, imports, python_files, relative

HEAVY = ("markdown_it", "mdit_py_plugins", "nh3", "pygments", "latex2mathml")


def loaded_after(statements: str) -> set[str]:
    shown = f"import sys; {statements}; print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", shown], capture_output=True, check=True)
    return {name.split(".")[0] for name in output.stdout.decode().split()}


def test_importing_it_is_cheap():
    assert not loaded_after("import blogsite.lib.markdown, blogsite.lib.text") & set(HEAVY)


def test_what_a_text_does_not_use_is_not_loaded():
    settings = "from django.conf import settings; settings.configure(USE_I18N=False); "
    plain = settings + "from blogsite.lib.markdown import render; render('*a*')"
    assert loaded_after(plain) & set(HEAVY) == {"markdown_it", "mdit_py_plugins", "nh3"}


def test_everything_learned_is_told():
    assert render("## *A*\n\nB [c](/d) ![e](/f)\n\n[g]()") == Rendered(
        html='<h2 id="a"><em>A</em></h2>\n<p>B <a href="/d">c</a> '
        '<img src="/f" alt="e"></p>\n<p><a href="">g</a></p>\n',
        text="A\n\nB c e\n\ng",
        toc=(Heading(2, "a", "A"),),
        word_count=5,
        images=("/f",),
        links=("/d",),
        problems=(Problem(5, "A link that leads nowhere.", "links"),),
        opening="B c e\n\ng",
    )


def test_nothing_is_rendered_from_nothing():
    assert render("") == render(" \n\n") == Rendered("", "", (), 0, (), (), (), "")


def test_control_characters_do_not_come_through():
    assert render("a\x00b\x01\x0b\x1b\x7fc\ufffe\uffff\ud800d").text == "a\ufffdbc\ufffdd"


def test_labels_speak_the_language_of_the_text_and_leave_that_of_the_request():
    with translation.override("de"):
        assert "<p>Note</p>" in render("> [!NOTE]\n> a", language="en").html
        assert translation.get_language() == "de"


def test_problems_and_refusals_speak_the_language_of_the_writer(monkeypatch):
    active = lazy(translation.get_language, str)
    monkeypatch.setattr(problems, "_", lambda message: active())
    monkeypatch.setattr(limits, "_", lambda message: active())
    with translation.override("de"):
        assert render("[a]()", language="fr").problems[0].message == "de"
        with pytest.raises(Refused) as refusal:
            render("*a" * 40_000, language="fr")
        assert str(refusal.value) == "de"


def test_addresses_are_completed_for_feeds_and_mails():
    html = render("[a](/b?c=1&d#e) [f](#g) ![h](i.png)[^1] [j](https://k.example)\n\n[^1]: n").html
    sent = absolute(html, "https://blog.example/sub/post/")
    for address in (
        '"https://blog.example/b?c=1&amp;d#e"',
        '"https://blog.example/sub/post/#g"',
        '"https://blog.example/sub/post/i.png"',
        '"https://blog.example/sub/post/#fn-1"',
        '"https://blog.example/sub/post/#ref-1"',
        '"https://k.example"',
    ):
        assert address in sent


def test_controls_and_classes_stay_at_home():
    html = render("```python a.py {1}\nx = 1\n```\n\n- [x] a\n\n|b|\n|-|\n\n> [!TIP]\n> c").html
    sent = absolute(html, "https://blog.example/")
    for sign in ("class=", "<button", "Copy", "tabindex", "<span", "<label", "role="):
        assert sign not in sent
    for kept in ("<figcaption>a.py</figcaption>", "x = 1", 'checked=""', "<th scope", "<p>Tip</p>"):
        assert kept in sent


def test_only_the_renderer_and_its_sanitiser_know_nh3_and_the_parser():
    outside = [
        f"{relative(path)}: {name}"
        for path in python_files(*PRODUCT)
        if not relative(path).startswith("blogsite/lib/markdown/")
        for name in imports(path)
        if name.split(".")[0] in HEAVY
    ]
    assert outside == []


def test_sanitising_is_the_last_step_and_done_in_one_place():
    users = {
        relative(path)
        for path in python_files("blogsite/lib/markdown")
        for name in imports(path)
        if name.endswith("sanitize.sanitize")
    }
    assert users == {"blogsite/lib/markdown/pipeline.py"}


@pytest.mark.parametrize("field", ["html", "problems"])
def test_results_cannot_be_changed(field):
    with pytest.raises(AttributeError):
        setattr(render("a"), field, "b")


BLOCKS = """# a

b
c

- d

  e

```python f.py
g
```

    h

![i](j "k")

|l|
|-|

n
: o
"""


def test_previews_know_the_line_of_each_outermost_block():
    html = render(BLOCKS, lines=True).html
    assert re.findall(r'<(\w+)(?= )[^>]* data-line="(\d+)"', html) == [
        ("h2", "1"), ("p", "3"), ("ul", "6"), ("figure", "10"), ("pre", "14"), ("figure", "16"),
        ("div", "18"), ("dl", "21"),
    ]  # fmt: skip


def tags(html: str) -> str:
    return "".join(re.findall("<[^>]*>", html))


@pytest.mark.parametrize("profile", ["post", "comment"])
def test_lines_are_in_previews_of_posts_only_and_nobody_types_them(profile):
    typed = BLOCKS + '\n<p data-line="7">x</p>'
    assert " data-line=" not in tags(render(typed, profile).html)
    html = tags(render(typed, profile, lines=True).html)
    assert ('data-line="1"' in html, 'data-line="7"' in html) == (profile == "post", False)


def test_what_is_told_beside_the_html_is_the_same_in_previews():
    plain, preview = render(BLOCKS), render(BLOCKS, lines=True)
    assert replace(preview, html=plain.html) == plain


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ('<a href="#fn-1">', "https://blog.example/sub/2024/post/#fn-1"),
        ('<a href="">', "https://blog.example/sub/2024/post/"),
        ('<a href="?page=2">', "https://blog.example/sub/2024/post/?page=2"),
        ('<a href="../other/">', "https://blog.example/sub/2024/other/"),
        ('<a href="/sub/about/">', "https://blog.example/sub/about/"),
        ('<a href="//cdn.example/a">', "https://cdn.example/a"),
        ('<a href="http://a.example/b#c">', "http://a.example/b#c"),
        ('<a href="mailto:me@a.example">', "mailto:me@a.example"),
        ('<img src="/sub/media/a.jpg">', "https://blog.example/sub/media/a.jpg"),
        ('<img srcset="/a.jpg 2x" src="a.jpg">', "https://blog.example/sub/2024/post/a.jpg"),
        ('<video poster="/p.jpg"></video>', "https://blog.example/p.jpg"),
        ('<audio src="/a.mp3"></audio>', "https://blog.example/a.mp3"),
    ],
)
def test_addresses_elsewhere_are_those_a_browser_would_follow(written, sent):
    """Resolved against the page, whose address carries the prefix the blog lives under."""
    html = absolute(written, "https://blog.example/sub/2024/post/")
    assert re.findall(r'(?:href|src|poster)="([^"]*)"', html) == [sent]
    assert "srcset" not in html


def test_text_that_looks_like_an_address_is_not_touched_elsewhere():
    html = render('`<a href="/b">` href="/c" src=/d', smart_quotes=False).html
    assert absolute(html, "https://blog.example/") == html


def test_opening_paragraphs_are_words_not_html():
    html = render("# A\n\nB *c* &lt;d>[^1]\n\n[^1]: e\n\n- f\n\nG\nh\n\ni").html
    assert paragraphs(html, 2) == ["B c <d>", "G\nh"]
    assert paragraphs("<p>a</p>" * 5_000, 2) == ["a", "a"]
    assert paragraphs("", 2) == []
