"""Formulas as MathML: `$a^2$` in a line, `$$` … `$$` as a block. Only where asked for.

A dollar opens a formula before a character that is not a space and closes it after one,
and not before a digit, so that prices stay prices. The elements are written anew from a
list: the converter itself neither escapes text nor checks addresses.
"""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from .document import Document
from .sanitize import MATH_ATTRIBUTES, MATH_TAGS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST, MOST_LINES = 1_000, 100
DEEPEST = 30
STEPS_PER_CHARACTER, LINES_PER_STEP = 4, 8
INLINE = re.compile(r"\$(?![\s$])((?:[^$\\]|\\.){1,1000}?)(?<!\s)\$(?![\d$])", re.DOTALL)


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("escape", "math_inline", _inline)
    md.block.ruler.before(
        "fence", "math_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _inline(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("$", state.pos):
        return False
    found = INLINE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = found[1]
    state.pos = found.end()
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = _line(state, start)
    if not first.startswith("$$") or state.is_code_block(start):
        return False
    if len(first) > 4 and first.endswith("$$"):
        content, after = first[2:-2], start + 1
    else:
        after, end = start + 1, min(end, start + MOST_LINES)
        while after < end and not state.isEmpty(after) and not _line(state, after).endswith("$$"):
            after += 1
        state.env["document"].work.spend((after - start) // LINES_PER_STEP)
        if after >= end or state.isEmpty(after):
            return False
        lines = [_line(state, number) for number in range(start, after + 1)]
        content, after = "\n".join(lines)[2:-2], after + 1
    if not silent:
        token = state.push("math_block", "math", 0)
        token.content, token.map, token.block = content.strip(), [start, after], True
        state.line = after
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def math_html(source: str, line: int, document: Document, *, block: bool) -> str:
    document.work.spend((len(source) + 1) * STEPS_PER_CHARACTER)
    element = _convert(source)
    if element is None:
        document.report(line, _("This formula could not be read and is shown as it was written."))
        code = f"<code>{escapeHtml(source)}</code>"
        return f"<p>{code}</p>\n" if block else code
    display = ' display="block"' if block else ""
    return f"<math{display}>{_inner(element)}</math>" + ("\n" if block else "")


def _convert(source: str) -> "Element | None":
    from latex2mathml.converter import convert_to_element

    if len(source) > LONGEST or source.count("{") > DEEPEST * 4 or _depth(source) > DEEPEST:
        return None
    try:
        return convert_to_element(source)
    # The converter has no common base for what it raises on malformed formulas.
    except Exception:
        return None


def _depth(source: str) -> int:
    deepest = depth = 0
    for mark in re.finditer(r"[{}]|\\left|\\right|\\sqrt|\\begin|\\end", source):
        depth += -1 if mark[0] in ("}", "\\right", "\\end") else 1
        deepest = max(deepest, depth)
    return deepest


def _inner(element: "Element") -> str:
    return escapeHtml(_plain(element.text)) + "".join(
        _written(child) + escapeHtml(_plain(child.tail)) for child in element
    )


def _written(element: "Element") -> str:
    name = str(element.tag)
    if name not in MATH_TAGS:
        return _inner(element)
    attributes = "".join(
        f' {key}="{escapeHtml(value)}"'
        for key, value in element.attrib.items()
        if key in MATH_ATTRIBUTES
    )
    return f"<{name}{attributes}>{_inner(element)}</{name}>"


def _plain(text: str | None) -> str:
    """The converter writes letters as character references."""
    from html import unescape

    return unescape(text or "")
