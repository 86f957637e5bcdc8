"""`++Ctrl+C++` becomes keys to press.

No spaces are allowed inside and no letter right before, so that `C++`, `i++` and sums
written with plus signs stay what they are.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

KEYS = re.compile(r"\+\+([^\s+]{1,20}(?:\+[^\s+]{1,20}){0,4})\+\+(?![+\w])")


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("link", "keys", _keys)


def _keys(state: StateInline, silent: bool) -> bool:
    pos = state.pos
    if not state.src.startswith("++", pos) or (pos and state.src[pos - 1].isalnum()):
        return False
    found = KEYS.match(state.src, pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("keys", "kbd", 0).content = found[1]
    state.pos = found.end()
    return True
