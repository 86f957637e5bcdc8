"""Tokens to HTML: the library's renderer with our code blocks and our own pieces."""

from collections.abc import Sequence
from typing import Any

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from blogsite.lib.pictures import in_picture

from .code import code_html
from .mathematics import math_html

Tokens = Sequence[Token]


class Renderer(RendererHTML):
    def generated(self, tokens: Tokens, idx: int, *_: Any) -> str:
        return tokens[idx].content

    def softbreak(self, *_: Any) -> str:
        return "\n"

    def list_item_open(self, tokens: Tokens, idx: int, options: Any, env: Any) -> str:
        return self.renderToken(tokens, idx, options, env)

    def fence(self, tokens: Tokens, idx: int, options: Any, env: Any) -> str:
        return code_html(tokens[idx], env["document"])

    code_block = fence

    def image(self, tokens: Tokens, idx: int, options: Any, env: Any) -> str:
        known, html = tokens[idx].meta, super().image(tokens, idx, options, env)
        return in_picture(html, known["picture"], known["sizes"]) if "picture" in known else html

    def abbr(self, tokens: Tokens, idx: int, *_: Any) -> str:
        token = tokens[idx]
        return f'<abbr title="{escapeHtml(token.info)}">{escapeHtml(token.content)}</abbr>'

    def keys(self, tokens: Tokens, idx: int, *_: Any) -> str:
        names = tokens[idx].content.split("+")
        return " + ".join(f"<kbd>{escapeHtml(name)}</kbd>" for name in names)

    def math_inline(self, tokens: Tokens, idx: int, options: Any, env: Any) -> str:
        return math_html(tokens[idx], env["document"])

    math_block = math_inline
