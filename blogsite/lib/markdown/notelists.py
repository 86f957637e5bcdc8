"""The lists that notes stand in, and the links from a note back to its calls."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from .document import generated

LINKS_BACK = 10  # from a note to the places that call it


@dataclass(slots=True)
class Note:
    tokens: list[Token]
    line: int
    number: int = 0
    calls: int = 0


def call_html(note: Note) -> str:
    """The raised number in the text, for the latest call."""
    name = _call_id(note, note.calls)
    return f'<sup><a href="#fn-{note.number}" id="{name}">{note.number}</a></sup>'


def note_list(called: list[Note]) -> list[Token]:
    if not called:
        return []
    opening = Token("notes_open", "ol", 1, {"class": "notes"}, block=True)
    if called[0].number > 1:
        opening.attrs["start"] = called[0].number
    items = [token for note in called for token in _item(note)]
    return [opening, *items, Token("notes_close", "ol", -1, block=True)]


def _item(note: Note) -> list[Token]:
    back = generated(_link_back(note, 1))
    calls = range(2, min(note.calls, LINKS_BACK) + 1)
    others = generated("".join(_link_back(note, call) for call in calls))
    tokens = note.tokens
    if tokens and tokens[0].type == "paragraph_open":
        tokens[1].children = [back, *(tokens[1].children or ())]
        if len(tokens) == 3:
            tokens[0].hidden = tokens[2].hidden = True
    else:
        tokens = [back, *tokens]
    opening = Token("note_open", "li", 1, {"id": f"fn-{note.number}"}, block=True)
    return [opening, *tokens, others, Token("note_close", "li", -1, block=True)]


def _link_back(note: Note, call: int) -> str:
    if call == 1:
        label, shown = _("Note %(number)d, back to the text"), str(note.number)
    else:
        label, shown = _("Note %(number)d, back to call %(call)d"), f"↩{call}"
    label = escapeHtml(label % {"number": note.number, "call": call})
    return f'<a class="n" href="#{_call_id(note, call)}" aria-label="{label}">{shown}</a>'


def _call_id(note: Note, call: int) -> str:
    return f"ref-{note.number}" if call == 1 else f"ref-{note.number}-{call}"
