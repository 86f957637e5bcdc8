"""Task lists: `- [ ] open` and `- [x] done` with check boxes that only show.

A list of nothing but tasks is drawn as one; in a mixed list the boxes stand in the items.
"""

from collections.abc import Iterator

from markdown_it.token import Token

from .document import generated


def prepare(tokens: list[Token]) -> None:
    number = 0
    for position, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open") and "class" in token.attrs:
            del token.attrs["class"]
            if token.tag == "ul" and all("checked" in i.meta for i in _items(tokens, position)):
                token.attrs["class"] = "tasks"
        elif token.type == "list_item_open" and "checked" in token.meta:
            token.attrs.pop("class", None)
            number += 1
            _set_box(tokens[position + 1 : position + 4], token.meta["checked"], number)


def _items(tokens: list[Token], list_at: int) -> Iterator[Token]:
    level = tokens[list_at].level
    for token in tokens[list_at + 1 :]:
        if token.level == level:
            return
        if token.type == "list_item_open" and token.level == level + 1:
            yield token


def _set_box(paragraph: list[Token], checked: bool, number: int) -> None:
    if [token.type for token in paragraph] != ["paragraph_open", "inline", "paragraph_close"]:
        return
    opening, inline, closing = paragraph
    opening.hidden = closing.hidden = True
    state = " checked" if checked else ""
    box = f'<input type="checkbox"{state} disabled id="task-{number}">'
    label = generated(f'{box}<label for="task-{number}">')
    inline.children = [label, *(inline.children or ()), generated("</label>")]
