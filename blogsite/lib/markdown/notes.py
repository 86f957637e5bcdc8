"""Notes stand right after the block that calls them, not at the end of the text.

A list of notes follows the outermost paragraph, list, table or quote its calls are in, so
that a wide page can set it in the margin and a narrow one under the paragraph, without a
script. Numbers follow the order of the calls. A note called again is not printed again.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from .document import Document, children_with_lines, line_of
from .notelists import Note, call_html, note_list

CALL = re.compile(r"\[\^([^\]\s]{1,60})\]")
STEPS_PER_CALL, STEPS_PER_INLINE_NOTE = 3, 10
TEXT_LINE, MARGIN_LINE, BLOCK_GAP = (67, 32), (32, 22), 20

Key = str | int


@dataclass(slots=True)
class _Notes:
    document: Document
    known: dict[Key, Note] = field(default_factory=dict)
    numbered: int = 0

    def number_calls(self, block: list[Token]) -> list[Note]:
        """Number the calls in a block; returns the notes that are to follow it."""
        called: list[Note] = []
        self._number(block, called)
        for note in called:  # grows while notes call further notes
            self._number(note.tokens, called)
        return called

    def _number(self, block: list[Token], called: list[Note]) -> None:
        for inline in block:
            for child in inline.children or () if inline.type == "inline" else ():
                if child.type == "footnote_ref":
                    self._call(child, called)

    def _call(self, child: Token, called: list[Note]) -> None:
        self.document.work.spend(STEPS_PER_CALL)
        note = self.known[child.meta.get("label", child.meta["id"])]
        note.calls += 1
        if note.number == 0:
            self.numbered += 1
            note.number = self.numbered
            called.append(note)
        child.type, child.content = "generated", call_html(note)


def plugin(md: MarkdownIt) -> None:
    md.use(footnote_plugin, move_to_end=False)
    md.core.ruler.after("inline", "inline_notes", _spell_out)


def _spell_out(state: StateCore) -> None:
    """Give notes written in place, `^[like this]`, a definition like the others have.

    They must be in the token stream before any step that cleans or checks text.
    """
    listed = state.env.get("footnotes", {}).get("list", {})
    for inline in state.tokens:  # grows while notes hold notes
        for child in inline.children or ():
            if child.type == "footnote_ref" and "tokens" in listed[child.meta["id"]]:
                state.env["document"].work.spend(STEPS_PER_INLINE_NOTE)
                state.tokens += _definition(child.meta["id"], listed, inline.map)


def _definition(key: int, listed: dict[int, Any], lines: list[int] | None) -> list[Token]:
    content, children = listed[key]["content"], listed[key]["tokens"]
    return [
        Token("footnote_reference_open", "", 1, map=lines, meta={"label": key}),
        Token("paragraph_open", "p", 1, level=1, map=lines, block=True),
        Token("inline", "", 0, level=2, map=lines, content=content, children=children),
        Token("paragraph_close", "p", -1, level=1, block=True),
        Token("footnote_reference_close", "", -1),
    ]


def place(tokens: list[Token], document: Document, env: dict[str, Any]) -> list[Token]:
    if "footnotes" not in env:
        return tokens
    notes = _Notes(document)
    text = _take_definitions(tokens, notes)
    plan = [(block, notes.number_calls(block)) for block in _blocks(text)]
    _make_room(plan)
    for note in notes.known.values():
        if not note.number:
            document.report(note.line, _("No place in the text calls this note."))
    result: list[Token] = []
    for block, called in plan:
        result += block
        result += note_list(called)
    return result


def _take_definitions(tokens: list[Token], notes: _Notes) -> list[Token]:
    """Move definitions out of the text; one inside another is a note of its own."""
    text: list[Token] = []
    inside: list[list[Token]] = [text]
    for token in tokens:
        if token.type == "footnote_reference_open":
            note = Note([], line_of(token))
            if notes.known.setdefault(token.meta["label"], note) is not note:
                message = _("There is another note called “%(name)s”; only the first is shown.")
                notes.document.report(note.line, message, name=token.meta["label"])
            inside.append(note.tokens)
        elif token.type == "footnote_reference_close":
            inside.pop()
        else:
            inside[-1].append(token)
    return text


def _blocks(tokens: list[Token]) -> list[list[Token]]:
    """The outermost blocks, each with everything inside it."""
    blocks: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += token.nesting
        blocks[-1].append(token)
        if depth == 0:
            blocks.append([])
    return blocks


def _make_room(plan: list[tuple[list[Token], list[Note]]]) -> None:
    """Notes in the margin that would reach into the next ones share one list with them.

    In the margin a list takes no height: its notes run on beside the blocks that follow.
    """
    room = 0
    before: list[Note] = []
    for block, called in plan:
        if called:
            if room < 0:
                called[:0] = before
                before.clear()
            before = called
            room = -sum(_height(note.tokens, MARGIN_LINE) for note in called)
        room += _height(block, TEXT_LINE) + BLOCK_GAP


def _height(block: list[Token], line: tuple[int, int]) -> int:
    """About how high a block is set, by the characters and the pixels of a line."""
    characters, pixels = line
    lines = 0
    for token in block:
        if token.type == "inline":
            lines += -(-len(token.content) // characters)
        elif token.type in ("fence", "code_block"):
            lines += token.content.count("\n")
    return lines * pixels


def report_unknown(tokens: list[Token], document: Document) -> None:
    """Calls of notes that nobody wrote are still text after parsing."""
    for inline in tokens:
        if inline.type == "inline" and "[^" in inline.content:
            for child, line in children_with_lines(inline):
                for call in CALL.finditer(child.content) if child.type == "text" else ():
                    message = _("There is no note called “%(name)s”.")
                    document.report(line, message, name=call[1])
