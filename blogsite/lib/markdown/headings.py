"""Headings: levels, ids and the table of contents.

The title of the page is the only h1. Where a text uses `#`, all its headings move down by
one; otherwise they stay. An id is made from the words of the heading, or given by its
writer: `## Five clocks {#clocks}`.
"""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from blogsite.lib.text import slugify

from . import Heading
from .document import Document, generated, line_of
from .plain import inline_text

GIVEN_ID = re.compile(r"[ \t]*\{#([^\s{}]{1,80})\}[ \t]*$")
OWN_ID = re.compile(r"(?:fn|ref|task|user)-.*|c\d+")
# Names the pages around a text use themselves.
RESERVED = {"main", "comments", "content", "footer", "header", "nav", "reply", "search", "toc"}
STEPS_PER_HEADING = 3
IN_CONTENTS = (2, 3)
DEEPEST = 6


def prepare(tokens: list[Token], document: Document) -> None:
    shift = any(t.type == "heading_open" and t.tag == "h1" for t in tokens)
    previous = 1
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            level = min(int(token.tag[1]) + shift, DEEPEST)
            token.tag = tokens[position + 2].tag = f"h{level}"
            _name(token, tokens[position + 1], level, document)
            if level > previous + 1:
                message = _("This heading skips a level: after level %(previous)d comes %(level)d.")
                values = {"previous": previous, "level": level}
                document.report(line_of(token), message, kind="headings", **values)
            previous = level


def _name(opening: Token, inline: Token, level: int, document: Document) -> None:
    document.work.spend(STEPS_PER_HEADING)
    given = _take_given_id(inline)
    title = inline_text(inline.children or []).strip()
    if not title:
        document.report(line_of(opening), _("A heading without words."), kind="headings")
    wanted = slugify(given or title, language=document.language) or "section"
    identifier = free_id(wanted, document.used_ids)
    opening.attrs["id"] = identifier
    if level in IN_CONTENTS and title and opening.level == 0:
        document.toc.append(Heading(level, identifier, title))


def _take_given_id(inline: Token) -> str:
    last = inline.children[-1] if inline.children else None
    if last and last.type == "text" and (found := GIVEN_ID.search(last.content[-90:])):
        last.content = last.content[: -len(found[0])].rstrip()
        return found[1]
    return ""


def free_id(wanted: str, used: dict[str, int]) -> str:
    """A name nobody has yet: `name`, `name-2`, `name-3` …"""
    if OWN_ID.fullmatch(wanted) or wanted in RESERVED:
        wanted = f"section-{wanted}"
    identifier, number = wanted, used.get(wanted, 1)
    while identifier in used:
        number += 1
        identifier = f"{wanted}-{number}"
    used[wanted] = number
    used.setdefault(identifier, 1)
    return identifier


def insert_contents(tokens: list[Token], document: Document) -> list[Token]:
    """Put the table of contents where a paragraph says only `[TOC]` (the first time)."""
    for position, token in enumerate(tokens):
        if token.type == "inline" and token.content == "[TOC]" and token.level == 1:
            before = tokens[position - 1]
            if before.type == "paragraph_open" and document.toc:
                contents = generated(_contents_html(document.toc))
                return [*tokens[: position - 1], contents, *tokens[position + 2 :]]
    return tokens


def _contents_html(toc: list[Heading]) -> str:
    top = min(heading.level for heading in toc)
    items: list[list[str]] = []
    for heading in toc:
        entry = f'<a href="#{escapeHtml(heading.id)}">{escapeHtml(heading.title)}</a>'
        if heading.level == top or not items:
            items.append([entry])
        else:
            items[-1].append(f"<li>{entry}</li>")
    listed = "".join(
        f"<li>{entry}<ol>{''.join(below)}</ol></li>" if below else f"<li>{entry}</li>"
        for entry, *below in items
    )
    label = escapeHtml(gettext("Contents"))
    return f'<nav class="toc" aria-label="{label}"><ol>{listed}</ol></nav>\n'
