"""What is special about comments: pictures become links with their description."""

from collections.abc import Iterator

from markdown_it.token import Token

from .plain import inline_text


def prepare(tokens: list[Token]) -> None:
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
        if inside_link:
            yield words
        else:
            yield Token("link_open", "a", 1, {"href": source})
            yield words
            yield Token("link_close", "a", -1)
