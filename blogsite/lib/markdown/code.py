"""Code blocks: one `span.line` a line, with file name, marked lines and colours.

    ```python tide.py {3,5-7} numbers=10

The language comes first; then, in any order and all optional, a file name (something with
a dot or slash, or `file="any name"`), the lines to mark, and line numbers with their start.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.token import Token

from . import colours
from .document import Document

STEPS_PER_BLOCK, LINES_PER_STEP = 12, 4
MARKED = re.compile(r"\{([0-9,\- ]*)\}")
WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
LONGEST_INFO, LONGEST_NAME = 400, 120


@dataclass(slots=True)
class Fence:
    language: str = ""
    file_name: str = ""
    marked: frozenset[int] = frozenset()
    first_number: int | None = None


def code_html(token: Token, document: Document) -> str:
    line_count = token.content.count("\n")
    document.work.spend(STEPS_PER_BLOCK + line_count // LINES_PER_STEP)
    fence = read_info(token.info, line_count)
    place = f' data-line="{line}"' if (line := token.attrs.get("data-line")) else ""
    language = colours.language_name(fence.language)
    caption = fence.file_name or colours.LANGUAGES.get(language, "")
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
    copy = escapeHtml(_("Copy"))
    button = f'<button class="copy" type="button" hidden>{copy}</button>'
    return f"<figcaption>{escapeHtml(caption)}{button}</figcaption>"


def _line_html(line: str, number: int, fence: Fence) -> str:
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


def read_info(info: str, line_count: int) -> Fence:
    info = info[:LONGEST_INFO]
    fence = Fence()
    if marked := MARKED.search(info):
        fence.marked = _numbers(marked[1], line_count)
        info = info[: marked.start()] + info[marked.end() :]
    for position, quoted in enumerate(WORD.findall(info)):
        word = unescapeAll(quoted.replace('"', ""))
        name, _equals, value = word.partition("=")
        if name == "numbers":
            fence.first_number = _whole(value) or 1
        elif name in ("file", "title") and value:
            fence.file_name = value[:LONGEST_NAME]
        elif position == 0:
            fence.language = word
        elif "." in word or "/" in word:
            fence.file_name = fence.file_name or word[:LONGEST_NAME]
    return fence


def _whole(digits: str) -> int:
    digits = digits.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 7 else 0


def _numbers(ranges: str, highest: int) -> frozenset[int]:
    """The numbers in `3,5-7`; each is put in once, however often it is asked for."""
    asked = []
    for part in ranges.split(","):
        first, _dash, last = part.partition("-")
        if start := _whole(first):
            asked.append((start, min(_whole(last) or start, highest)))
    found: set[int] = set()
    done = 0
    for start, end in sorted(asked):
        found.update(range(max(start, done + 1), end + 1))
        done = max(done, end)
    return frozenset(found)
