"""Code blocks: one `span.line` a line, with file name, marked lines and colours."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from . import colours, fences
from .document import Document

STEPS_PER_BLOCK, LINES_PER_STEP = 12, 4


def code_html(token: Token, document: Document) -> str:
    line_count = token.content.count("\n")
    document.work.spend(STEPS_PER_BLOCK + line_count // LINES_PER_STEP)
    fence = fences.read(token.info, line_count)
    place = f' data-line="{line}"' if (line := token.attrs.get("data-line")) else ""
    language = colours.language_name(fence.language)
    caption = fence.file_name or colours.SHOWN.get(language, language)
    if not (caption or fence.marked or fence.first_number):
        return f'<pre{place} tabindex="0"><code>{escapeHtml(token.content)}</code></pre>\n'
    pieces = colours.pieces(token.content, language, document) or [("", token.content)]
    lines = enumerate(_lines(pieces), 1)
    body = "\n".join(_line_html(line, number, fence) for number, line in lines)
    return (
        f'<figure{place} class="code">{_caption_html(caption)}'
        f'<pre tabindex="0"><code>{body}</code></pre></figure>\n'
    )


def _caption_html(caption: str) -> str:
    if not caption:
        return ""
    button = f'<button class="copy" type="button" hidden>{escapeHtml(_("Copy"))}</button>'
    return f"<figcaption>{escapeHtml(caption)}{button}</figcaption>"


def _line_html(line: str, number: int, fence: fences.Fence) -> str:
    css = "line hll" if number in fence.marked else "line"
    shown = ""
    if fence.first_number is not None:
        shown = f' data-n="{fence.first_number + number - 1}"'
    return f'<span class="{css}"{shown}>{line}</span>'


def _lines(pieces: Iterable[tuple[str, str]]) -> Iterator[str]:
    """HTML of each line; a piece over several lines is coloured on each of them."""
    line: list[str] = []
    for css, text in pieces:
        first, *rest = text.split("\n")
        line.append(_span(css, first))
        for part in rest:
            yield "".join(line)
            line = [_span(css, part)]
    if last := "".join(line):  # the text ends with a line break, which ends no further line
        yield last


def _span(css: str, text: str) -> str:
    if not css or not text.strip():
        return escapeHtml(text)
    return f'<span class="{css}">{escapeHtml(text)}</span>'
