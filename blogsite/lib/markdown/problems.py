"""What a writer may want to mend, found in the finished tokens."""

import re

from django.utils.translation import gettext_lazy as _
from markdown_it.token import Token

from blogsite.lib.text import unfinished

from .document import Document, children_with_lines, line_of
from .plain import TAG, inline_text

MISSING_REFERENCE = re.compile(r"\]\[([^\[\]\n]{1,80})\]")


def check(tokens: list[Token], document: Document) -> None:
    lines = document.source.split("\n")
    for token in tokens:
        if token.type == "inline":
            _check_inline(token, document)
        elif token.type == "html_block":
            for number, words in enumerate(TAG.sub(" ", token.content).split("\n")):
                _check_marks(words, line_of(token) + number, document)
        elif token.type == "fence":
            _check_fence(token, lines, document)


def _check_inline(inline: Token, document: Document) -> None:
    children, opened_at = inline.children or [], 0
    for position, (child, line) in enumerate(children_with_lines(inline)):
        if child.type == "link_open":
            opened_at = position
            _check_address(child, line, document)
        elif child.type == "link_close":
            if not inline_text(children[opened_at + 1 : position]).strip():
                document.report(line, _("A link without words."), kind="links")
        elif child.type == "image":
            _check_marks(child.content, line, document)
        elif child.type == "text":
            _check_marks(child.content, line, document)
            for found in MISSING_REFERENCE.finditer(child.content):
                message = _("No address is given for [%(name)s].")
                document.report(line, message, kind="links", name=found[1])


def _check_marks(words: str, line: int, document: Document) -> None:
    for mark in unfinished(words, document.language) if document.marked else ():
        message = _("“%(mark)s” is still in the text.")
        document.report(line, message, kind="todo", mark=mark)


def _check_address(link: Token, line: int, document: Document) -> None:
    href = str(link.attrs.get("href", ""))
    if href.startswith("#") and len(href) > 1:
        link.attrs["href"] = document.fragment(href)
        if href[1:] not in document.used_ids and href[1:] not in document.raw_ids:
            message = _("There is no place called “%(name)s” in this text.")
            document.report(line, message, kind="links", name=href[1:])
    elif href in ("", "#"):
        document.report(line, _("A link that leads nowhere."), kind="links")
    document.note_addresses("a", link.attrs)


def _check_fence(token: Token, lines: list[str], document: Document) -> None:
    last = lines[token.map[1] - 1] if token.map and token.map[1] <= len(lines) else ""
    if token.markup not in last or (token.map and token.map[1] - token.map[0] < 2):
        document.report(line_of(token), _("This code block is never closed."))
