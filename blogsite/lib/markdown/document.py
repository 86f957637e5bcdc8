"""The state of one rendering, handed from step to step."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from markdown_it.token import Token

from blogsite.lib.text import unfinished

from . import Heading, Problem
from .limits import LIMITS, Work
from .sanitize import SCHEMES

STEPS_PER_ADDRESS = 5
MOST_PROBLEMS = 100
NO_DESCRIPTION = _("A picture without a description for those who cannot see it.")
CHARACTERS_PER_STEP = 50
SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
ID_PREFIX = "user-"  # before every id that a person wrote in raw HTML


class Document:
    def __init__(self, source: str, profile: str, language: str) -> None:
        limits = LIMITS[profile]
        self.source, self.language = source, language
        self.work = Work(limits)
        self.used_ids: dict[str, int] = {}
        self.raw_ids: set[str] = set()
        self.images: dict[str, None] = {}
        self.links: dict[str, None] = {}
        self.toc: list[Heading] = []
        self.languages: set[str] = set()
        self.code_pieces, self.code_seconds = limits.code_pieces, limits.code_seconds
        self.reports: list[tuple[int, Promise, str, dict[str, object]]] = []
        self.reported: Counter[str] = Counter()
        self.marked = bool(unfinished(source))  # one look that spares many

    def report(self, line: int, message: Promise, *, kind: str = "", **values: object) -> None:
        """Note a problem. It is put into words later, in the language of the person who
        writes: while rendering, the language of the text is active."""
        self.reported[kind] += 1
        if self.reported[kind] <= MOST_PROBLEMS:  # a hundred of one kind must not hide another
            self.reports.append((line, message, kind, values))

    @property
    def problems(self) -> tuple[Problem, ...]:
        told = [Problem(line, str(text) % more, kind) for line, text, kind, more in self.reports]
        return tuple(sorted(told, key=lambda problem: problem.line))

    def fragment(self, href: str) -> str:
        """`#place` as it is called in the finished page."""
        return f"#{ID_PREFIX}{href[1:]}" if href[1:] in self.raw_ids else href

    def note_addresses(self, tag: str, attributes: Mapping[str, str | int | float]) -> None:
        written = sum(len(str(attributes.get(name, ""))) for name in ("href", "src", "title"))
        self.work.spend(STEPS_PER_ADDRESS + written // CHARACTERS_PER_STEP)
        address = str(attributes.get("href" if tag == "a" else "src", ""))
        scheme = SCHEME.match(address)
        if address and (not scheme or scheme[1].lower() in SCHEMES):
            (self.links if tag == "a" else self.images)[address] = None


def line_of(token: Token) -> int:
    """The line a block token stands in, counted from 1."""
    return token.map[0] + 1 if token.map else 1


def children_with_lines(inline: Token) -> Iterator[tuple[Token, int]]:
    """The pieces of one inline token, each with its own source line."""
    line = line_of(inline)
    for child in inline.children or ():
        yield child, line
        if child.type in ("softbreak", "hardbreak"):
            line += 1


def with_pieces(token: Token, pieces: Iterable[tuple[int, int, list[Token]]]) -> Iterator[Token]:
    """The words of a text token with other tokens in place of some, from here to there."""
    text, done = token.content, 0
    for start, end, instead in pieces:
        if start > done:
            yield Token("text", "", 0, content=text[done:start], level=token.level)
        yield from instead
        done = end
    if done < len(text):
        yield Token("text", "", 0, content=text[done:], level=token.level)


def generated(html: str) -> Token:
    """A token that prints HTML made by us (never used for what a person wrote)."""
    return Token("generated", "", 0, content=html, block=True)
