"""The package as others see it: its interface, its cost to import, who may touch HTML."""

import subprocess
import sys

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
        '<img src="/f" alt="e" loading="lazy"></p>\n<p><a href="">g</a></p>\n',
        text="A\n\nB c e\n\ng",
        toc=(Heading(2, "a", "A"),),
        word_count=5,
        images=("/f",),
        links=("/d",),
        problems=(Problem(5, "A link that leads nowhere."),),
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
