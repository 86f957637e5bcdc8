"""Every text within the length ends in time or is refused in words."""

from contextlib import suppress

import pytest

from blogsite.lib.markdown import Refused, render
from blogsite.lib.markdown.document import Document
from blogsite.lib.markdown.parser import parser_for
from tests.lib.markdown.hostile import GROWING, MAKERS, combinations

# How long each of these takes, and how that grows, is measured by bench/markdown.py.
LENGTH = 4_000
# What repeats is as bad at half of it; a comment, for which less is allowed, reaches its limits.
REPEATED_IN_A_POST = 2_000


def rendered_or_refused(source: str, profile: str) -> str:
    try:
        return render(source, profile, math=True).html
    except Refused as refusal:
        return str(refusal)


@pytest.mark.parametrize("name", MAKERS)
def test_hostile_texts_come_out_or_are_refused_in_words(name):
    post = LENGTH if name in GROWING else REPEATED_IN_A_POST
    for profile, length in (("post", post), ("comment", LENGTH)):
        answer = rendered_or_refused(MAKERS[name](length)[:length], profile)
        assert "<script" not in answer


def test_posts_have_a_length_that_is_asked_for_before_anything_is_read():
    with pytest.raises(Refused, match="210000 characters and 200000 is the most that fits"):
        render("*a **a " * 30_000)
    with pytest.raises(Refused):
        render("x" * 200_001)


@pytest.mark.parametrize(
    "source",
    ["[a](b) " * 20_000, "a|b\n-|-\n" + "c|d\n" * 40_000, "- a\n" * 40_000, "<b>x</b>" * 20_000],
)
def test_what_would_take_too_long_is_refused_in_words(source):
    with pytest.raises(Refused, match=r"repeats so many marks .* Nothing is lost"):
        render(source)


def test_what_is_nested_too_deep_is_refused_in_words():
    with pytest.raises(Refused, match=r"more than 30 deep\. Nothing is lost"):
        render("> " * 40 + "a")
    with pytest.raises(Refused, match="more than 20 deep"):
        render("- " * 40 + "a", "comment")


def test_a_long_ordinary_text_is_far_from_the_limits():
    chapter = (
        "## A heading\n\nSome *words* with a [link](https://a.example), “quotes”, `code`.[^{0}]\n\n"
        "[^{0}]: A note.\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|\n\n```python\nx = 1\n```\n\n"
        + "A longer paragraph follows, as they do in ordinary texts. " * 12
        + "\n\n"
    )
    source = "".join(chapter.format(number) for number in range(200))
    assert 150_000 < len(source) < 200_000
    assert len(render(source).toc) == 200


@pytest.mark.parametrize("opening", ["$$ a\n", "$$ a $$ #<b>\n"])
def test_a_formula_never_closed_is_not_looked_for_through_the_whole_text(opening):
    """Each line asks whether it begins a formula; each looking to the end was a minute."""
    document = Document(opening * 2_000, "post", "en")
    with suppress(Refused):
        parser_for("post", True).parse(document.source, {"document": document})
    assert document.work.left < 0  # it was the counting that ended it


def test_a_formula_of_many_lines_is_one():
    lines = "x + \n" * 90
    assert "<math" in render(f"$$\n{lines}x\n$$", math=True).html


def test_combinations_are_the_same_for_the_same_seed():
    one, again, other = (list(combinations(20, seed)) for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize("name", combinations(40))
def test_combined_hostile_texts_come_out_or_are_refused_in_words(name):
    for profile, length in (("post", REPEATED_IN_A_POST), ("comment", LENGTH)):
        answer = rendered_or_refused(combinations(40)[name](length)[:length], profile)
        assert "<script" not in answer


def test_pieces_are_paid_for_as_they_are_made():
    """Definition lists make ten pieces from five characters before anything else looks."""
    with pytest.raises(Refused):
        parser_for("post", False).parse(
            "a\n: b\n\n" * 10_000, {"document": (document := Document("", "post", "en"))}
        )
    assert document.work.tokens < 50_000
