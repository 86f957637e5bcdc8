"""Notes stand right after the block that calls them, not at the end of the text.

A list of notes follows the outermost paragraph, list, table or quote its calls are in, so
that a wide page can set it in the margin and a narrow one under the paragraph, without a
script. Numbers follow the order of the calls. A note called again is not printed again.
"""

import re
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from .document import Document, children_with_lines, generated, line_of

CALL = re.compile(r"\[\^([^\]\s]{1,60})\]")
STEPS_PER_CALL, STEPS_PER_INLINE_NOTE = 3, 10
LINKS_BACK = 10  # from a note to the places that call it
TEXT_LINE, MARGIN_LINE, BLOCK_GAP = (67, 32), (32, 22), 20


class Note:
    def __init__(self, line: int) -> None:
        self.line, self.number, self.calls = line, 0, 0
        self.tokens: list[Token] = []


class _Notes:
    def __init__(self, document: Document) -> None:
        self.document, self.numbered = document, 0
        self.known: dict[str | int, Note] = {}

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
        link = f'<a href="#fn-{note.number}" id="{_call_id(note, note.calls)}">{note.number}</a>'
        child.type, child.content = "generated", f"<sup>{link}</sup>"


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
        result += block + _list(called)
    return result


def _take_definitions(tokens: list[Token], notes: _Notes) -> list[Token]:
    """Move definitions out of the text; one inside another is a note of its own."""
    text: list[Token] = []
    inside: list[list[Token]] = [text]
    for token in tokens:
        if token.type == "footnote_reference_open":
            note = Note(line_of(token))
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
    return pixels * sum(
        -(-len(token.content) // characters)
        if token.type == "inline"
        else token.content.count("\n") * (token.type in ("fence", "code_block"))
        for token in block
    )


def _list(called: list[Note]) -> list[Token]:
    if not called:
        return []
    opening = Token("notes_open", "ol", 1, {"class": "notes"}, block=True)
    if called[0].number > 1:
        opening.attrs["start"] = called[0].number
    items = [token for note in called for token in _item(note)]
    return [opening, *items, Token("notes_close", "ol", -1, block=True)]


def _item(note: Note) -> list[Token]:
    back, *others = (_link_back(note, call) for call in range(1, min(note.calls, LINKS_BACK) + 1))
    tokens = note.tokens
    if tokens and tokens[0].type == "paragraph_open":
        tokens[1].children = [generated(back), *(tokens[1].children or ())]
        if len(tokens) == 3:
            tokens[0].hidden = tokens[2].hidden = True
    else:
        tokens = [generated(back), *tokens]
    opening = Token("note_open", "li", 1, {"id": f"fn-{note.number}"}, block=True)
    closing = Token("note_close", "li", -1, block=True)
    return [opening, *tokens, generated("".join(others)), closing]


def _link_back(note: Note, call: int) -> str:
    label, shown = gettext("Note %(number)d, back to the text"), str(note.number)
    if call > 1:
        label, shown = gettext("Note %(number)d, back to call %(call)d"), f"↩{call}"
    label = escapeHtml(label % {"number": note.number, "call": call})
    return f'<a class="n" href="#{_call_id(note, call)}" aria-label="{label}">{shown}</a>'


def _call_id(note: Note, call: int) -> str:
    return f"ref-{note.number}" if call == 1 else f"ref-{note.number}-{call}"


def report_unknown(tokens: list[Token], document: Document) -> None:
    """Calls of notes that nobody wrote are still text after parsing."""
    for inline in tokens:
        if inline.type == "inline" and "[^" in inline.content:
            for child, line in children_with_lines(inline):
                for call in CALL.finditer(child.content) if child.type == "text" else ():
                    message = _("There is no note called “%(name)s”.")
                    document.report(line, message, name=call[1])
