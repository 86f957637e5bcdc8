"""The guide for authors shows what really works."""

import re

import pytest

from blogsite.lib.markdown import render
from blogsite.lib.markdown.limits import LIMITS
from tests.source import ROOT

GUIDE = (ROOT / "docs" / "authoring.md").read_text()
EXAMPLES = [found[2] for found in re.finditer(r"^(`{3,4})markdown\n(.*?)^\1$", GUIDE, re.M | re.S)]


def test_the_guide_has_examples():
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_render_without_a_problem(example):
    rendered = render(example)
    assert rendered.problems == ()
    for unread in ("{wide}", "{#", "[^", "[!", "++", "[TOC]", "Table:", "*[", "``", "- ["):
        assert unread not in rendered.text


def test_the_guide_itself_can_be_posted():
    assert render(GUIDE).problems == ()


def test_the_guide_names_the_limits():
    limits = LIMITS["post"]
    assert f"{limits.characters:,} characters" in GUIDE
    assert f"nesting {limits.nesting} levels deep" in GUIDE
