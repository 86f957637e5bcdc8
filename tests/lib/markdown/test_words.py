"""Abbreviations, keys, quotation marks and formulas."""

import pytest

from blogsite.lib.markdown import render
from tests.lib.markdown.rendering import post, told


def test_abbreviations_are_explained_wherever_they_stand_alone():
    html = post("HTML, *HTML* and HTMLX, `HTML`\n\n*[HTML]: Hypertext <b>")
    abbreviation = '<abbr title="Hypertext &lt;b&gt;">HTML</abbr>'
    assert html == (
        f"<p>{abbreviation}, <em>{abbreviation}</em> and HTMLX, <code>HTML</code></p>\n"
    )


def test_longer_abbreviations_win():
    html = post("W3C HTML\n\n*[W3C]: Web\n*[W3C HTML]: Both")
    assert html == '<p><abbr title="Both">W3C HTML</abbr></p>\n'


def test_the_first_of_two_explanations_counts():
    assert 'title="One"' in post("A\n\n*[A]: One\n*[A]: Two")


def test_keys():
    assert post("Press ++Ctrl+C++.") == "<p>Press <kbd>Ctrl</kbd> + <kbd>C</kbd>.</p>\n"


@pytest.mark.parametrize("source", ["C++ and g++", "i++", "a++b++c", "++ a ++", "1 ++ 2", "++++"])
def test_plus_signs_of_other_kinds_stay(source):
    assert post(source) == f"<p>{source}</p>\n"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“a ‘b’ c”"),
        ("en-GB", "“a ‘b’ c”"),
        ("xx", "“a ‘b’ c”"),
        ("de", "„a ‚b‘ c“"),
        ("de-CH", "«a ‹b› c»"),
        ("fr", "«\u202fa “b” c\u202f»"),
        ("es", "«a “b” c»"),
        ("pl", "„a ‚b’ c”"),
        ("sv", "”a ’b’ c”"),
        ("da", "»a ›b‹ c«"),
        ("ru", "«a „b“ c»"),
        ("hu", "„a »b« c”"),
    ],
)
def test_quotation_marks_are_those_of_the_language(language, expected):
    assert render("\"a 'b' c\"", language=language).text == expected


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("it's the '90s, rock 'n' roll", "it’s the ’90s, rock ’n’ roll"),
        ("the dogs' bowl", "the dogs’ bowl"),
        ('("a") ["b"] -"c"', "(“a”) [“b”] -“c”"),
        ('"*a*" *"b"* **"c**"', "“a” “b” “c”"),
        ("\"'a' b\"", "“‘a’ b”"),
        ('say "`code`" now', "say “code” now"),
        ("6'2\" tall", "6′2″ tall"),
        ('a 19" rack', "a 19″ rack"),
        ('"unclosed', "“unclosed"),
        ("two -- three---four", "two – three—four"),
        ("wait...", "wait…"),
        ("run --help", "run --help"),
        ('他说"你好"', "他说“你好”"),
        ('"a\nb"', "“a\nb”"),
        ('""', "“”"),
    ],
)
def test_straight_marks_are_set(typed, set_):
    assert render(typed).text == set_


def test_marks_in_code_and_addresses_are_left_alone():
    html = post('`"a"--` https://a.example/\'b\'--c <b title="d\'e">x</b> [f](/g--h "i")')
    for kept in ('<code>"a"--</code>', "/'b'--c", 'title="d\'e"', '"/g--h"'):
        assert kept in html


def test_smart_quotes_can_be_left_out():
    assert post('"it\'s" -- ...', smart_quotes=False) == '<p>"it\'s" -- ...</p>\n'


def test_french_marks_keep_their_space():
    assert render("Quoi ? « Oui ! »", language="fr").text == "Quoi\u202f? « Oui\u202f!\u202f»"


def test_formulas_in_a_line_and_on_their_own():
    assert post("$a^2$ and\n\n$$\n\\frac{a}{b} < 1\n$$", math=True) == (
        "<p><math><mrow><msup><mi>a</mi><mn>2</mn></msup></mrow></math> and</p>\n"
        '<math display="block"><mrow><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow>'
        "</mfrac><mo>&lt;</mo><mn>1</mn></mrow></math>\n"
    )


@pytest.mark.parametrize("source", ["$5 and $6", "$ a$", "$a $", "\\$a$", "`$a$`", "US$5, A$6"])
def test_other_dollars_stay(source):
    assert "<math" not in post(source, math=True)


def test_dollars_mean_nothing_unless_asked_for():
    assert post("$a^2$") == "<p>$a^2$</p>\n"
    assert "<math" not in render("$a$", "comment", math=True).html


def test_formulas_that_cannot_be_read_are_shown_as_written_and_told():
    rendered = render("$x^$", math=True)
    assert rendered.html == "<p><code>x^</code></p>\n"
    assert rendered.problems[0].line == 1


@pytest.mark.parametrize(
    "formula",
    [
        "\\text{<script>alert(1)</script>}",
        "\\href{javascript:alert(1)}{x}",
        "\\color{red}x",
        "\\unknown{<b onclick=x>}",
        "\\mathrm{</mi><img src=x onerror=alert(1)>}",
        "\\text{&lt;img src=x onerror=alert(1)&gt;}",
    ],
)
def test_formulas_cannot_smuggle_markup(formula):
    html = post(f"${formula}$", math=True)
    for bad in ("<script", "<img", "<b", "href", "mathcolor"):
        assert bad not in html


def test_problems_come_in_the_order_of_lines():
    lines = [line for line, _message in told("[a]()\n\n![](b)\n\n<iframe>\n\n[c]( )")]
    assert lines == [1, 3, 5, 7]
