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

from .document import ID_PREFIX, NO_DESCRIPTION, Document, children_with_lines, line_of
from .sanitize import RAW_ATTRIBUTES, RAW_TAGS

DEEPEST = 20
LONGEST_VALUE, LONGEST_ID = 2_000, 80
STEPS_PER_TAG = 3
ID = re.compile(r"\sid\s*=\s*[\"']?([^\s\"'>]{1,80})")
#: All of it is possessive: nothing is looked at again when what follows is no tag after all.
VALUE = r"(?>\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++)"
ATTRIBUTE = re.compile(rf"[\s/]*+([^\s\"'<>/=]++)(?:\s*+=\s*+({VALUE}))?+", re.ASCII)
ATTRIBUTES = rf"(?:[\s/]*+[^\s\"'<>/=]++(?:\s*+=\s*+{VALUE})?+)*+[\s/]*+"
#: What is neither text nor a tag, such as a comment, goes; where it never ends it is shown with
#: all that follows, so that no second attempt can. What hides its content takes it along.
MARKUP = re.compile(
    r"<!--(?:-?>|.*?-->)|<!\[.*?\]\]>|<!(?!--|\[).*?>|<\?.*?>|(?P<endless><[!?].*)"
    r"|<(?P<hiding>script|style|iframe|noscript|noembed|noframes|template)(?![a-z0-9-])"
    rf"{ATTRIBUTES}>.*?(?=</(?P=hiding)[\s>]|\Z)"
    rf"|<(?P<end>/?)(?P<name>[a-z][a-z0-9-]*+)(?P<attributes>{ATTRIBUTES})>",
    re.DOTALL | re.IGNORECASE | re.ASCII,
)
VOID = {"br", "hr", "img", "source", "wbr"}
TERMS, CELLS = {"dt", "dd"}, {"td", "th"}
TABLE_PARTS = {"thead", "tbody", "tfoot", "tr", "td", "th"}
BLOCKS = {"address", "blockquote", "details", "div", "dl", "figure", "h2", "h3", "h4", "h5", "h6",
          "hr", "ol", "p", "pre", "section", "table", "ul"}  # fmt: skip
# Tags whose end may be left out: what ends when the next one begins.
CLOSED_BY: dict[str, set[str]] = {
    "li": {"li"},
    **dict.fromkeys(TERMS, TERMS),
    **dict.fromkeys(CELLS, CELLS),
    "tr": {"tr", *CELLS},
    **dict.fromkeys(("thead", "tbody", "tfoot"), TABLE_PARTS),
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
            result += _closing(writer.leave(token.level + 1))
        if token.type == "html_block":
            token.content = writer.rewrite(token.content, token.level, line_of(token))
        elif token.type == "inline":
            _rewrite_inline(token, writer)
        result.append(token)
        if token.nesting < 0:
            result += _closing(writer.settle(token.level))
    return result + _closing(writer.leave(0))


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
            pieces += _closing(writer.leave(level + 1))
        if child.type == "html_inline":
            child.content = writer.rewrite(child.content, level, line)
        pieces.append(child)
    inline.children = pieces + _closing(writer.leave(inline.level))


def _closing(tags: str) -> list[Token]:
    return [Token("html_inline", "", 0, content=tags)] if tags else []


class _Writer:
    """Writes tags and remembers which ones are open, and how deep in the Markdown."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: list[tuple[str, int]] = []
        self.overdue: list[str] = []

    def leave(self, level: int) -> str:
        """End tags for everything opened at this level of the document or deeper."""
        return self._close(sum(opened < level for _name, opened in self.open))

    def settle(self, level: int) -> str:
        """End tags that were written inside a block for something opened before it."""
        self.level = level
        waiting, self.overdue = self.overdue, []
        return "".join(map(self._end, waiting))

    def rewrite(self, source: str, level: int, line: int) -> str:
        self.level, self.line = level, line
        written, done = "", 0
        for found in MARKUP.finditer(source):
            written += _escaped(source[done : found.start()] + (found["endless"] or ""))
            if name := found["name"] or found["hiding"]:
                written += self._tag(name.lower(), found["end"] == "/", found["attributes"] or "")
            done = found.end()
        return written + _escaped(source[done:])

    def _tag(self, name: str, is_end: bool, attributes: str) -> str:
        self.document.work.spend(STEPS_PER_TAG)
        name = "h2" if name == "h1" else name  # the page's title is the only h1
        if name in RAW_TAGS:
            return self._end(name) if is_end else self._start(name, _read(attributes))
        if not is_end:
            message = _("The HTML tag <%(name)s> is not allowed here and was left out.")
            self.document.report(self.line, message, name=name)
        return ""

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
        kept = len(self.open)
        closed = CLOSED_BY.get(name, ())
        while kept and self.open[kept - 1][1] >= self.level and self.open[kept - 1][0] in closed:
            kept -= 1
        return self._close(kept)

    def _end(self, name: str) -> str:
        here = [n for n, (opened, _level) in enumerate(self.open) if opened == name]
        if here and self.open[here[-1]][1] >= self.level:
            return self._close(here[-1])
        self.overdue += [name] if here else []
        return ""

    def _close(self, kept: int) -> str:
        """End tags for all but the outermost so many."""
        ended = "".join(f"</{name}>" for name, _level in reversed(self.open[kept:]))
        del self.open[kept:]
        return ended


def _escaped(text: str) -> str:
    return html.escape(html.unescape(text), quote=False)


def _read(attributes: str) -> dict[str, str]:
    read: dict[str, str] = {}
    for name, value in ATTRIBUTE.findall(attributes):
        bare = value[1:-1] if value.startswith(('"', "'")) else value
        read.setdefault(name.lower(), html.unescape(bare))
    return read


def _written(tag: str, attributes: dict[str, str]) -> str:
    allowed = RAW_ATTRIBUTES.get(tag, set()) | RAW_ATTRIBUTES["*"]
    kept = {k: v for k, v in attributes.items() if k in allowed and len(v) <= LONGEST_VALUE}
    if "id" in kept:
        kept["id"] = ID_PREFIX + "".join(kept["id"].split())[:LONGEST_ID]
    return "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())
