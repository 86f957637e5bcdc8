"""The words of a text without its marks: for search, excerpts and counting."""

import html
import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

BREAKS = ("softbreak", "hardbreak")
TAG = re.compile(r"<[^>]*>")  # only over HTML that `rawhtml` wrote: every < begins a tag
# Blocks that are not running text.
APART = {"heading_open": "heading_close", "table_open": "table_close", "dt_open": "dt_close",
         "alert_title_open": "alert_title_close", "notes_open": "notes_close"}  # fmt: skip


def inline_text(children: Iterable[Token]) -> str:
    return "".join(_pieces(children))


def _pieces(children: Iterable[Token]) -> Iterator[str]:
    for token in children:
        if token.type in BREAKS:
            yield "\n"
        elif token.type == "image":
            yield inline_text(token.children or ())
        elif token.type == "keys":
            yield token.content.replace("+", " + ")
        elif token.type in ("text", "code_inline", "abbr", "math_inline"):
            yield token.content


def readable(tokens: list[Token]) -> tuple[str, str]:
    """All words, and those of the running text alone; blocks are paragraphs apart."""
    everything: list[str] = []
    running: list[str] = []
    apart = ""
    for token in tokens:
        apart = APART.get(token.type, "") if not apart else "" if token.type == apart else apart
        text = _block_text(token)
        if text:
            everything.append(text)
            if token.type == "inline" and not apart:
                running.append(text)
    return "\n\n".join(everything), "\n\n".join(running)


def _block_text(token: Token) -> str:
    if token.type == "inline":
        return inline_text(token.children or ()).strip()
    if token.type in ("fence", "code_block", "math_block"):
        return token.content.strip()
    if token.type == "html_block":
        return html.unescape(TAG.sub(" ", token.content)).strip()
    return ""
