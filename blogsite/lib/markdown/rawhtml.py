"""Raw HTML in a post, reduced to well-formed tags from a list.

This runs before anything of ours is added, so what a person typed can never carry our
classes, ids or form elements. Everything is written anew: text is escaped, tags keep a few
attributes, what was opened is closed where its paragraph, list item or text ends. The
sanitiser at the end therefore meets only tags that it reads the same way as we did.
"""

import html
import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from markdown_it.token import Token

from . import rawtags
from .document import ID_PREFIX, NO_DESCRIPTION, Document, children_with_lines, line_of
from .rawtags import Tag
from .sanitize import RAW_ATTRIBUTES, RAW_TAGS

DEEPEST = 20
LONGEST_VALUE, LONGEST_ID = 2_000, 80
STEPS_PER_TAG = 3
ID = re.compile(r"\sid\s*=\s*[\"']?([^\s\"'>]{1,80})")
VOID = {"br", "hr", "img", "source", "wbr"}
TABLE_PARTS = {"thead", "tbody", "tfoot", "tr", "td", "th"}
BLOCKS = {"address", "blockquote", "details", "div", "dl", "figure", "h2", "h3", "h4", "h5", "h6",
          "hr", "ol", "p", "pre", "section", "table", "ul"}  # fmt: skip
# Tags whose end may be left out: what ends when the next one begins.
CLOSED_BY: dict[str, set[str]] = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"tr", "td", "th"},
    "thead": TABLE_PARTS,
    "tbody": TABLE_PARTS,
    "tfoot": TABLE_PARTS,
    **{name: {"p"} for name in BLOCKS},
}


def rewrite(tokens: list[Token], document: Document) -> list[Token]:
    """Replace the content of every raw HTML token."""
    if "<" not in document.source:
        return tokens
    document.raw_ids.update(_ids(tokens))
    writer = _Writer(document)
    result: list[Token] = []
    for token in tokens:
        if token.nesting < 0:
            result.extend(_closing(writer.leave(token.level + 1)))
        if token.type == "html_block":
            token.content = writer.rewrite(token.content, token.level, line_of(token))
        elif token.type == "inline":
            _rewrite_inline(token, writer)
        result.append(token)
        if token.nesting < 0:
            result.extend(_closing(writer.settle(token.level)))
    result.extend(_closing(writer.leave(0)))
    return result


def _ids(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        for piece in [token, *(token.children or ())]:
            if piece.type in ("html_block", "html_inline"):
                yield from ID.findall(piece.content)


def _rewrite_inline(inline: Token, writer: "_Writer") -> None:
    pieces: list[Token] = []
    for child, line in children_with_lines(inline):
        level = inline.level + child.level
        if child.nesting < 0:
            pieces.extend(_closing(writer.leave(level + 1)))
        if child.type == "html_inline":
            child.content = writer.rewrite(child.content, level, line)
        pieces.append(child)
    inline.children = [*pieces, *_closing(writer.leave(inline.level))]


def _closing(tags: str) -> Iterator[Token]:
    if tags:
        yield Token("html_inline", "", 0, content=tags)


class _Writer:
    """Writes tags and remembers which ones are open, and how deep in the Markdown."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: list[tuple[str, int]] = []
        self.overdue: list[str] = []

    def leave(self, level: int) -> str:
        """End tags for everything opened at this level of the document or deeper."""
        ended = []
        while self.open and self.open[-1][1] >= level:
            ended.append(f"</{self.open.pop()[0]}>")
        return "".join(ended)

    def settle(self, level: int) -> str:
        """End tags that were written inside a block for something opened before it."""
        self.level = level
        waiting, self.overdue = self.overdue, []
        return "".join(map(self._end, waiting))

    def rewrite(self, source: str, level: int, line: int) -> str:
        self.level, self.line = level, line
        return "".join(
            html.escape(piece, quote=False) if isinstance(piece, str) else self._tag(piece)
            for piece in rawtags.read(source)
        )

    def _tag(self, tag: Tag) -> str:
        self.document.work.spend(STEPS_PER_TAG)
        name = "h2" if tag.name == "h1" else tag.name  # the page's title is the only h1
        if name not in RAW_TAGS:
            if not tag.closing:
                message = _("The HTML tag <%(name)s> is not allowed here and was left out.")
                self.document.report(self.line, message, name=name)
            return ""
        return self._end(name) if tag.closing else self._start(name, tag.attributes)

    def _start(self, name: str, attributes: dict[str, str]) -> str:
        ended = self._end_before(name)
        if name not in VOID:
            if len(self.open) >= DEEPEST:
                return ended
            self.open.append((name, self.level))
        if attributes.get("href", "").startswith("#"):
            attributes["href"] = self.document.fragment(attributes["href"])
        self.document.note_addresses(name, attributes)
        if name == "img" and "alt" not in attributes:
            self.document.report(self.line, NO_DESCRIPTION, kind="alt")
        return f"{ended}<{name}{_written(name, attributes)}>"

    def _end_before(self, name: str) -> str:
        ended = []
        while self.open and self.open[-1][1] >= self.level:
            if self.open[-1][0] not in CLOSED_BY.get(name, ()):
                break
            ended.append(f"</{self.open.pop()[0]}>")
        return "".join(ended)

    def _end(self, name: str) -> str:
        if (name, True) not in ((opened, level >= self.level) for opened, level in self.open):
            if any(name == opened for opened, _level in self.open):
                self.overdue.append(name)
            return ""
        ended: list[str] = []
        while not ended or ended[-1] != f"</{name}>":
            ended.append(f"</{self.open.pop()[0]}>")
        return "".join(ended)


def _written(tag: str, attributes: dict[str, str]) -> str:
    allowed = RAW_ATTRIBUTES.get(tag, set()) | RAW_ATTRIBUTES["*"]
    kept = {k: v for k, v in attributes.items() if k in allowed and len(v) <= LONGEST_VALUE}
    if "id" in kept:
        kept["id"] = ID_PREFIX + "".join(kept["id"].split())[:LONGEST_ID]
    return "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())
