"""Running prose, and texts that are dressed as more: no rule may be missed by a text it is for."""

import re

import pytest

from blogsite.lib.markdown import is_simple, render
from blogsite.lib.pictures import Picture
from tests.lib.markdown.rendering import post
from tests.source import ROOT

PIER = "/media/0123456789abcdef0123456789abcdef/pier.jpg"
PICTURES = {PIER: Picture(PIER, 1600, 1200, (("webp", (320,)),), "jpg", "#3366cc", (0, 100))}

PROSE = [
    "",
    "Words, *more* **words** ~~gone~~ and [a link](/there/ \"a <title> with class='c'\").",
    "## One\n\nText.\n\n### Two {#two}\n\nText.\n\n###### Six",
    "- a\n- b\n  1. c\n  2. d",
    "3. three\n4. four",
    "> a quote\n>\n> goes on",
    "one  \ntwo\n\n---\n\nthree",
    "HTML\n\n*[HTML]: Hypertext Markup Language",
    f'![A pier]({PIER} "A caption")',
    "![Another](https://example.com/pier.jpg)",
    '"Quotes" < > & class=callout',
]
MORE = [
    "`code`",
    "```\ncode\n```",
    "    code",
    '```python tide.py {1} numbers=3\nprint("tide")\n```',
    "++Ctrl+C++",
    "<mark>marked</mark>",
    "H<sub>2</sub>O",
    "<small>small</small>",
    "A note.[^1]\n\n[^1]: Here.",
    "A note.^[Here.]",
    "| a | b |\n|:-:|--:|\n| 1 | 2 |\n\nTable: Two {wide}",
    "- [x] done\n- [ ] not yet",
    "Springs\n: The big tides.",
    *(f"> [!{kind}]\n> Mind." for kind in ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")),
    "<details><summary>More</summary>\n\nText.\n\n</details>",
    "$a^2$",
    "$$\na^2\n$$",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    *(f"![A pier]({PIER}){{{place}}}" for place in ("wide", "left", "right")),
    f"![A]({PIER})\n![B]({PIER})",
    '<audio src="/media/x.mp3"></audio>',
    '<video src="/media/x.mp4"></video>',
    "[TOC]\n\n## One\n\n## Two",
    "> said\n>\n> <footer>Somebody</footer>",
    '<p title="a > b"><samp>out</samp></p>',
    "<div>anything</div>",
]


@pytest.mark.parametrize("source", PROSE)
def test_prose_is_simple(source):
    assert is_simple(post(source, pictures=PICTURES.get))


@pytest.mark.parametrize("source", MORE)
def test_anything_more_is_not(source):
    assert not is_simple(post(f"Prose.\n\n{source}\n\nProse.", math=True, pictures=PICTURES.get))


def test_code_of_somebodys_own_words_is_not():
    assert is_simple(render("Reads *gauges*.\n\n> So.\n\n- a", "comment").html)
    assert not is_simple(render("```py\n1\n```", "comment").html)


def selectors() -> list[str]:
    """Of the sheet for more than prose, without what they only exclude or look for."""
    css = re.sub(r"/\*.*?\*/", "", (ROOT / "static/css/rich.css").read_text(), flags=re.S)
    lists = re.findall(r"([^{}]+)\{[^{}]*\}", css)
    found = [one for some in lists for one in re.split(r",(?![^()]*\))", some.strip())]
    return [re.sub(r":(?:not|has)\([^()]*\)|\[[^]]*\]", "", one) for one in found]


def alternatives(selector: str) -> list[str]:
    match = re.search(r":is\(([^()]*)\)", selector)
    if not match:
        return [selector]
    others = (selector.replace(match[0], one, 1) for one in match[1].split(","))
    return [one for other in others for one in alternatives(other)]


def test_its_sheet_has_nothing_for_prose():
    """Each rule asks for a tag or a class that no simple text has."""
    assert len(selectors()) > 50
    for selector in (one for some in selectors() for one in alternatives(some)):
        names = re.findall(r"(?<![\w:-])(\.?)([a-z][\w-]*)", selector)
        html = [f'<p class="{name}">' if dot else f"<{name}>" for dot, name in names]
        assert not all(map(is_simple, (one for one in html if "prose" not in one))), selector
