"""Tables: a region that scrolls by itself, alignment by class, a caption.

The caption is a paragraph right after the table that begins with `Table:` or `:`; it may
end with `{wide}`.
"""

import re

from django.utils.translation import gettext as _
from markdown_it.token import Token

from .document import Document
from .pictures import take_attributes
from .plain import inline_text

CAPTION = re.compile(r"(?:Table)?:[ \t]+")
PLACE = re.compile(r"[ \t]*\{[^{}]*\}[ \t]*$")
ALIGNMENT = {"text-align:right": "r", "text-align:center": "c"}


def prepare(tokens: list[Token], document: Document) -> list[Token]:
    result: list[Token] = []
    caption: list[Token] = []
    labels: set[str] = set()
    opened_at = number = position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "table_open":
            opened_at, number = len(result), number + 1
        elif token.type in ("th_open", "td_open"):
            _set_cell(token)
        result.append(token)
        position += 1
        if token.type == "table_close":
            caption, place = _take_caption(tokens[position : position + 3])
            position += 3 if caption else 0
            label = inline_text(caption[1].children or ()) if caption else ""
            label = _free_label(label, number, labels)
            result[opened_at + 1 : opened_at + 1] = caption
            result.insert(opened_at, _region(label, place, result[opened_at].map))
            result.append(Token("scroll_close", "div", -1, block=True))
    return result


def _free_label(caption: str, number: int, used: set[str]) -> str:
    """Regions of one page are told apart by their labels."""
    label = caption or _("Table %(number)d") % {"number": number}
    if label in used:
        label = f"{label} ({number})"
    used.add(label)
    return label


def _set_cell(token: Token) -> None:
    css = ALIGNMENT.get(str(token.attrs.pop("style", "")))
    if token.tag == "th":
        token.attrs["scope"] = "col"
    if css:
        token.attrs["class"] = css


def _region(label: str, place: str, lines: list[int] | None) -> Token:
    region: dict[str, str | int | float] = {"class": f"scroll {place}".strip(), "role": "region"}
    region |= {"aria-label": label, "tabindex": "0"}
    return Token("scroll_open", "div", 1, region, map=lines, block=True)


def _take_caption(after: list[Token]) -> tuple[list[Token], str]:
    is_paragraph = len(after) == 3 and after[0].type == "paragraph_open"
    children = (is_paragraph and after[1].children) or [Token("none", "", 0)]
    mark = CAPTION.match(children[0].content) if children[0].type == "text" else None
    if not mark:
        return [], ""
    children[0].content = children[0].content[mark.end() :]
    place = _take_place(children[-1])
    opening = Token("caption_open", "caption", 1, block=True)
    return [opening, after[1], Token("caption_close", "caption", -1, block=True)], place


def _take_place(last: Token) -> str:
    group = PLACE.search(last.content[-110:])
    found = take_attributes(group[0]) if group and last.type == "text" else None
    if not group or not found or found[0].get("place") != "wide":
        return ""
    last.content = last.content[: -len(group[0])]
    return "wide"
