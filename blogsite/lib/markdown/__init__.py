"""Markdown to HTML that is safe to store and show.

`render` is a pure function: the same source and options always give the same result. It
counts its work and refuses what would take too long. Store `RENDER_VERSION` beside the result
and render again when it moved.

Importing this package is cheap; the parser is loaded by the first call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from blogsite.lib.pictures import Picture

from .openings import paragraphs as paragraphs
from .simple import is_simple as is_simple

RENDER_VERSION = 2

Profile = Literal["post", "comment"]


class Refused(ValueError):
    """The text cannot be rendered; the message is a sentence for its writer."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the table of contents."""

    level: int
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the writer may want to mend, with the line it stands in (from 1).

    `kind`: alt, headings, links or todo; what belongs to none of them has none.
    """

    line: int
    message: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML ready to store and show, and what was learned on the way.

    `text` is everything readable (for search); `opening` is running text only, without
    headings, tables and code (for excerpts). `images` and `links` are addresses, each once.
    """

    html: str
    text: str
    toc: tuple[Heading, ...]
    word_count: int
    images: tuple[str, ...]
    links: tuple[str, ...]
    problems: tuple[Problem, ...]
    opening: str = ""


def render(
    source: str,
    profile: Profile = "post",
    *,
    language: str = "en",
    math: bool = False,
    smart_quotes: bool = True,
    lines: bool = False,
    pictures: Callable[[str], Picture | None] | None = None,
) -> Rendered:
    """Render Markdown.

    post: CommonMark, GFM, notes, figures, callouts, coloured code, a little raw HTML. The
    page's title is the only h1: where a text uses `#`, all its headings move down by one.
    comment: paragraphs, emphasis, links, lists, quotes and code; nothing else.
    With `lines` the outermost blocks of a post carry their line as `data-line`: for a preview
    that follows the writing, never to be stored. `pictures` knows by its address what is to be
    known of a picture of ours.
    """
    from .pipeline import run

    return run(source, profile, language, math, smart_quotes, lines, pictures or (lambda _: None))


def absolute(html: str, base: str) -> str:
    """Rendered HTML for feeds, mail and the API: full addresses, no controls."""
    from .sanitize import for_elsewhere

    return for_elsewhere(html, base)
