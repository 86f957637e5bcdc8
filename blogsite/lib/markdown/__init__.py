"""Markdown to HTML that is safe to store and show.

`render` is a pure function: the same source and options always give the same result. It
counts its work and refuses (`TooLong`, `TooComplex`) what would take too long. Store
`RENDER_VERSION` beside the result and render again when it moved.

Importing this package is cheap; the parser is loaded by the first call.
"""

from typing import Literal

from .results import Heading, Problem, Refused, Rendered, TooComplex, TooLong

__all__ = [
    "RENDER_VERSION",
    "Heading",
    "Problem",
    "Refused",
    "Rendered",
    "TooComplex",
    "TooLong",
    "absolute",
    "paragraphs",
    "render",
]

RENDER_VERSION = 1

Profile = Literal["post", "comment"]


def render(
    source: str,
    profile: Profile = "post",
    *,
    language: str = "en",
    math: bool = False,
    smart_quotes: bool = True,
    lines: bool = False,
) -> Rendered:
    """Render Markdown.

    post: CommonMark, GFM, notes, figures, callouts, coloured code, a little raw HTML. The
    page's title is the only h1: where a text uses `#`, all its headings move down by one.
    comment: paragraphs, emphasis, links, lists, quotes and code; nothing else.
    With `lines` the outermost blocks of a post carry their line as `data-line`: for a preview
    that follows the writing, never to be stored.
    """
    from .pipeline import run

    return run(
        source, profile, language=language, math=math, smart_quotes=smart_quotes, lines=lines
    )


def absolute(html: str, base: str) -> str:
    """Rendered HTML for feeds, mail and the API: full addresses, no controls."""
    from .sanitize import for_elsewhere

    return for_elsewhere(html, base)


def paragraphs(html: str, count: int) -> list[str]:
    """The words of the first paragraphs of rendered HTML, as plain text."""
    from .openings import paragraphs as read

    return read(html, count)
