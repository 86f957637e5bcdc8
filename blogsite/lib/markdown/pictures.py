"""Pictures: figures with a caption, galleries, sizes and places.

    ![A tide gauge](gauge.jpg "The gauge at the steps"){wide}

A picture alone in its paragraph becomes a figure when it has a title, which is its
caption, or a place. Several pictures alone in one paragraph become a gallery.
"""

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _
from markdown_it.token import Token

from blogsite.lib.pictures import Picture, image_attributes

from .document import NO_DESCRIPTION, Document, children_with_lines
from .plain import BREAKS, inline_text

GROUP = re.compile(r"[ \t]*\{([^{}\n]{1,100})\}")
PLACES = {"wide", "left", "right"}
#: How wide a picture is in the column of the text, and where it leaves it; on a telephone a tenth
#: less than it is, which nobody sees on such a screen and which halves the bytes. The first
#: picture of a gallery is as wide as the whole.
SIZES = {
    "": "(min-width: 42rem) 38rem, 80vw",
    "wide": "(min-width: 64rem) 55rem, 80vw",
    "left": "(min-width: 22rem) 18rem, 80vw",
    "right": "(min-width: 22rem) 18rem, 80vw",
    "gallery wide": "(min-width: 64rem) 18rem, 27vw",
}


def take_attributes(text: str) -> tuple[dict[str, str], int] | None:
    """`{wide}` or `{width=600 left}` at the beginning of the text, and its length.

    A group with a word we do not know is left as text.
    """
    group = GROUP.match(text)
    if not group:
        return None
    found: dict[str, str] = {}
    for word in group[1].split():
        name, _equals, value = word.lstrip(".").partition("=")
        value = value.strip("\"'").removesuffix("px")
        if name in PLACES and not value:
            found["place"] = name
        elif name in ("width", "position", "align") and value in PLACES:
            found["place"] = value
        elif name in ("width", "height") and re.fullmatch("[1-9][0-9]{0,4}", value):
            found[name] = value
        else:
            return None
    return found, group.end()


def in_figures(tokens: list[Token], document: Document) -> list[Token]:
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "inline" and "![" in token.content:
            _prepare_images(token, document)
            before = tokens[position - 1]
            is_paragraph = before.type == "paragraph_open" and not before.hidden
            if is_paragraph and (figure := _figure(_only_pictures(token), token)):
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
            _prepare_image(token, line, document)
        elif image and token.type == "text" and (found := take_attributes(token.content)):
            attributes, length = found
            image.meta["place"] = attributes.pop("place", "")
            image.attrs |= attributes
            token.content = token.content[length:]
        image = token if token.type == "image" else None


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


def _only_pictures(inline: Token) -> list[Token]:
    """The pictures of a paragraph that holds nothing else."""
    children = inline.children or []
    pictures = [token for token in children if token.type == "image"]
    others = (token for token in children if token.type not in ("image", *BREAKS))
    return [] if any(token.nesting or token.content.strip(" \t") for token in others) else pictures


def _figure(pictures: list[Token], inline: Token) -> list[Token]:
    last = pictures[-1] if pictures else Token("none", "", 0)
    place = "gallery wide" if len(pictures) > 1 else last.meta.get("place", "")
    caption = str(last.attrs.pop("title", ""))
    if not (caption or place):
        return []
    inline.children = [
        token for picture in pictures for token in (Token("softbreak", "", 0), picture)
    ][1:]
    opening = Token("figure_open", "figure", 1, {"class": place} if place else {}, map=inline.map)
    closing = Token("figure_close", "figure", -1, block=True)
    return [opening, inline, *_caption(caption, inline.map), closing]


def _caption(caption: str, lines: list[int] | None) -> list[Token]:
    if not caption:
        return []
    words = Token("text", "", 0, content=caption)
    return [
        Token("caption_open", "figcaption", 1),
        Token("inline", "", 0, content=caption, children=[words], map=lines),
        Token("caption_close", "figcaption", -1),
    ]


def show(tokens: list[Token], known: Callable[[str], Picture | None]) -> None:
    """Say what is known of our own pictures: their size, their smaller copies, where they are now.

    The first picture is loaded at once: it is what a reader sees first.
    """
    for number, (image, sizes) in enumerate(_images(tokens)):
        if number == 0:
            image.attrs.pop("loading")
        if picture := known(str(image.attrs["src"])):
            _show(image, picture, sizes)


def _images(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    place = ""
    for token in tokens:
        if token.type in ("figure_open", "figure_close"):
            place = str(token.attrs.get("class", ""))
        images = [child for child in token.children or () if child.type == "image"]
        for position, image in enumerate(images):
            yield image, SIZES[place if position else place.removeprefix("gallery ")]


def _show(image: Token, picture: Picture, sizes: str) -> None:
    width, height = (int(image.attrs.pop(name, 0)) for name in ("width", "height"))
    if width or height:
        width = width or round(height * picture.width / picture.height)
        height = height or round(width * picture.height / picture.width)
        sizes = f"(min-width: {width}px) {width}px, 80vw"
    image.attrs |= image_attributes(picture, sizes)
    if width:
        image.attrs |= {"width": width, "height": height}
    image.meta |= {"picture": picture, "sizes": sizes}


def as_links(tokens: list[Token]) -> None:
    """For comments: pictures become links with their description."""
    for inline in tokens:
        if inline.type == "inline" and "![" in inline.content:
            inline.children = list(_without_pictures(inline.children or []))


def _without_pictures(children: list[Token]) -> Iterator[Token]:
    inside_link = 0
    for token in children:
        if token.type in ("link_open", "link_close"):
            inside_link += token.nesting
        if token.type != "image":
            yield token
            continue
        source = str(token.attrs["src"])
        words = Token("text", "", 0, content=inline_text(token.children or ()) or source)
        link = [Token("link_open", "a", 1, {"href": source}), words, Token("link_close", "a", -1)]
        yield from [words] if inside_link else link
