"""`*[HTML]: Hypertext Markup Language` explains every HTML in the text."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from .document import Document, with_pieces

DEFINITION = re.compile(r"\*\[([^\[\]\n]{1,60})\]:[ \t]+(\S[^\n]{0,199})$")
MOST = 100
STEPS_PER_USE = 6


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before(
        "reference", "abbreviation", _definition, {"alt": ["paragraph", "reference"]}
    )


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("*[", begin):
        return False
    found = DEFINITION.match(state.src, begin, state.eMarks[start])
    if not found:
        return False
    if not silent:
        known = state.env.setdefault("abbreviations", {})
        if len(known) < MOST:
            known.setdefault(found[1], found[2].strip())
        state.line = start + 1
    return True


def explain(tokens: list[Token], known: dict[str, str], document: Document) -> None:
    """Split text so that each known abbreviation is a token of its own."""
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    words = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def explained(token: Token) -> Iterator[tuple[int, int, list[Token]]]:
        for found in words.finditer(token.content):
            document.work.spend(STEPS_PER_USE)
            word = Token("abbr", "abbr", 0, content=found[0], info=known[found[0]])
            yield *found.span(), [word]

    for inline in tokens:
        if inline.type == "inline":
            inline.children = [
                piece
                for child in inline.children or ()
                for piece in (
                    with_pieces(child, explained(child)) if child.type == "text" else (child,)
                )
            ]
