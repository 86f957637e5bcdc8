"""Formulas as MathML: `$a^2$` in a line, `$$` … `$$` as a block. Only where asked for.

A dollar opens a formula before a character that is not a space and closes it after one,
and not before a digit, so that prices stay prices. The converter's elements are written by the
standard library, which escapes what they hold; the sanitiser keeps those on its list.
"""

import re
from html import unescape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import tostring

from django.utils.translation import gettext_lazy as _
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from .document import Document, line_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST, MOST_LINES = 1_000, 100
DEEPEST = 30
STEPS_PER_CHARACTER, LINES_PER_STEP = 4, 8
INLINE = re.compile(r"\$(?![\s$])((?:[^$\\]|\\.){1,1000}?)(?<!\s)\$(?![\d$])", re.DOTALL)


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = _line(state, start)
    if not first.startswith("$$") or state.is_code_block(start):
        return False
    lines, last = [first[2:]], min(end, start + MOST_LINES)
    while is_open := lines == ["$$"] or not lines[-1].endswith("$$"):
        number = start + len(lines)
        if number >= last or state.isEmpty(number):
            break
        lines.append(_line(state, number))
    state.env["document"].work.spend(len(lines) // LINES_PER_STEP)
    if not is_open and not silent:
        token = state.push("math_block", "math", 0)
        token.content, token.block = "\n".join(lines)[:-2].strip(), True
        state.line = start + len(lines)
        token.map = [start, state.line]
    return not is_open


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def math_html(token: Token, document: Document) -> str:
    source = token.content
    document.work.spend((len(source) + 1) * STEPS_PER_CHARACTER)
    element = _convert(source)
    if element is None:
        message = _("This formula could not be read and is shown as it was written.")
        document.report(line_of(token), message)
        code = f"<code>{escapeHtml(source)}</code>"
        return f"<p>{code}</p>\n" if token.block else code
    element.attrib = {"display": "block"} if token.block else {}
    for part in element.iter():  # the converter writes letters as character references
        part.text = unescape(part.text or "")
    return tostring(element, "unicode") + "\n" * token.block


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
