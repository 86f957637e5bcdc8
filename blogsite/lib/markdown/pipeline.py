"""The steps from source to HTML, in order. Sanitising is the last one."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import override
from markdown_it.token import Token

from blogsite.lib.pictures import Picture
from blogsite.lib.text import word_count

from . import (
    Rendered,
    abbreviations,
    cards,
    headings,
    notes,
    pictures,
    plain,
    problems,
    quotes,
    rawhtml,
    tables,
)
from .document import Document, line_of
from .limits import LIMITS, check_length
from .parser import parser_for
from .sanitize import sanitize

# Not allowed in XML (feeds) or in UTF-8 at all, and nothing a reader could see. NUL is
# left to the parser, which must replace it.
UNPRINTABLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def run(
    source: str,
    profile: str,
    language: str,
    math: bool,
    smart_quotes: bool,
    lines: bool,
    known: Callable[[str], Picture | None],
) -> Rendered:
    check_length(source, LIMITS[profile])
    source = LONE_SURROGATE.sub("\ufffd", UNPRINTABLE.sub("", source))
    document = Document(source, profile, language)
    env: dict[str, Any] = {"document": document}
    parser = parser_for(profile, math and profile == "post")
    tokens = parser.parse(source, env)
    with override(language):
        _check_depth(tokens, document)
        if profile == "post":
            # What people typed is cleaned before anything of ours is added.
            tokens = pictures.in_figures(rawhtml.rewrite(tokens, document), document)
        else:
            pictures.as_links(tokens)
        if smart_quotes:
            quotes.set_quotes(tokens, document)
        if profile == "post":
            tokens = _post_features(tokens, document, env)
            pictures.show(tokens, known)
        problems.check(tokens, document)
        if lines:
            _mark_lines(tokens)
        html = parser.renderer.render(tokens, parser.options, env)
    return _rendered(sanitize(html, profile, lines=lines), tokens, document)


def _rendered(html: str, tokens: list[Token], document: Document) -> Rendered:
    text, opening = plain.readable(tokens)
    return Rendered(
        html=html,
        text=text,
        toc=tuple(document.toc),
        word_count=word_count(text),
        images=tuple(document.images),
        links=tuple(document.links),
        problems=document.problems,
        opening=opening,
    )


def _post_features(tokens: list[Token], document: Document, env: dict[str, Any]) -> list[Token]:
    abbreviations.explain(tokens, env.get("abbreviations", {}), document)
    headings.prepare(tokens, document)
    notes.report_unknown(tokens, document)
    tokens = tables.prepare(tokens, document)
    cards.prepare(tokens)
    tokens = notes.place(tokens, document, env)
    return headings.insert_contents(tokens, document)


def _mark_lines(tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        if depth == 0 and token.map and token.nesting >= 0:
            token.attrs["data-line"] = line_of(token)
        depth += token.nesting


def _check_depth(tokens: list[Token], document: Document) -> None:
    for inline in tokens:
        for child in inline.children or ():
            document.work.check_depth(child.level)
