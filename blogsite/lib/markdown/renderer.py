"""Tokens to HTML: the library's renderer with our code blocks and our own pieces."""

from collections.abc import Sequence

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from .code import code_html
from .document import line_of
from .mathematics import math_html


class Renderer(RendererHTML):
    def generated(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return tokens[idx].content

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return code_html(tokens[idx], env["document"])

    code_block = fence

    def list_item_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self.renderToken(tokens, idx, options, env)

    def softbreak(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "\n"

    def abbr(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        return f'<abbr title="{escapeHtml(token.info)}">{escapeHtml(token.content)}</abbr>'

    def keys(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        names = tokens[idx].content.split("+")
        return " + ".join(f"<kbd>{escapeHtml(name)}</kbd>" for name in names)

    def math_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return math_html(tokens[idx].content, line_of(tokens[idx]), env["document"], block=False)

    def math_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return math_html(tokens[idx].content, line_of(tokens[idx]), env["document"], block=True)
