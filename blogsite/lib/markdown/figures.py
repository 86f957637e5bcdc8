"""Pictures: figures with a caption, galleries, sizes and places.

    ![A tide gauge](gauge.jpg "The gauge at the steps"){wide}

A picture alone in its paragraph becomes a figure when it has a title, which is its
caption, or a place. Several pictures alone in one paragraph become a gallery.
"""

from django.utils.translation import gettext_lazy as _
from markdown_it.token import Token

from . import attributes
from .document import NO_DESCRIPTION, Document, children_with_lines
from .plain import BREAKS, inline_text


def prepare(tokens: list[Token], document: Document) -> list[Token]:
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "inline" and "![" in token.content:
            _prepare_images(token, document)
            pictures = _only_pictures(token)
            before = tokens[position - 1]
            if pictures and before.type == "paragraph_open" and not before.hidden:
                figure = _figure(pictures, token)
                if figure:
                    result[-1:] = figure
                    position += 2  # the paragraph's end too
                    continue
        result.append(token)
        position += 1
    return result


def _prepare_images(inline: Token, document: Document) -> None:
    image = None
    for token, line in children_with_lines(inline):
        if token.type == "image":
            image = token
            _prepare_image(token, line, document)
        elif image and token.type == "text" and (found := attributes.take(token.content)):
            _set_attributes(image, found[0])
            token.content = token.content[found[1] :]
            image = None
        else:
            image = None


def _prepare_image(token: Token, line: int, document: Document) -> None:
    document.note_addresses("img", token.attrs)
    token.attrs["loading"] = "lazy"
    if not inline_text(token.children or ()).strip():
        document.report(line, NO_DESCRIPTION, kind="alt")
    if str(token.attrs["src"]).startswith("data:"):
        message = _("A picture inside the text itself is not shown: upload it.")
        document.report(line, message, kind="links")
    elif not token.attrs["src"]:
        document.report(line, _("A picture without an address."), kind="links")


def _set_attributes(image: Token, found: attributes.Attributes) -> None:
    image.meta["place"] = found.place
    for name, value in (("width", found.width), ("height", found.height)):
        if value:
            image.attrs[name] = value


def _only_pictures(inline: Token) -> list[Token]:
    """The pictures of a paragraph that holds nothing else."""
    pictures = []
    for token in inline.children or ():
        if token.type == "image":
            pictures.append(token)
        elif token.nesting or (token.type not in BREAKS and token.content.strip(" \t")):
            return []
    return pictures


def _figure(pictures: list[Token], inline: Token) -> list[Token]:
    last = pictures[-1]
    gallery = len(pictures) > 1
    place = "gallery wide" if gallery else last.meta.get("place", "")
    caption = str(last.attrs.get("title", ""))
    if not (caption or place):
        return []
    last.attrs.pop("title", None)
    inline.children = _apart(pictures)
    opening = Token("figure_open", "figure", 1, map=inline.map)
    if place:
        opening.attrs["class"] = place
    return [
        opening,
        inline,
        *_caption(caption, inline.map),
        Token("figure_close", "figure", -1, block=True),
    ]


def _apart(pictures: list[Token]) -> list[Token]:
    children = [pictures[0]]
    for picture in pictures[1:]:
        children += [Token("softbreak", "", 0), picture]
    return children


def _caption(caption: str, lines: list[int] | None) -> list[Token]:
    if not caption:
        return []
    words = Token("text", "", 0, content=caption)
    return [
        Token("caption_open", "figcaption", 1),
        Token("inline", "", 0, content=caption, children=[words], map=lines),
        Token("caption_close", "figcaption", -1),
    ]
