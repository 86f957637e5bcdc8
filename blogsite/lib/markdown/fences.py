"""The words after the opening of a code block.

    ```python tide.py {3,5-7} numbers=10

The language comes first; then, in any order and all optional, a file name (something with
a dot or slash, or `file="any name"`), the lines to mark, and line numbers with their start.
"""

import re
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll

MARKED = re.compile(r"\{([0-9,\- ]*)\}")
WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
LONGEST_INFO = 400
LONGEST_NAME = 120


@dataclass(slots=True)
class Fence:
    language: str = ""
    file_name: str = ""
    marked: frozenset[int] = frozenset()
    first_number: int | None = None


def read(info: str, line_count: int) -> Fence:
    info = info[:LONGEST_INFO]
    fence = Fence()
    if marked := MARKED.search(info):
        fence.marked = _numbers(marked[1], line_count)
        info = info[: marked.start()] + info[marked.end() :]
    for position, word in enumerate(_words(info)):
        name, _equals, value = word.partition("=")
        if name == "numbers":
            fence.first_number = _number(value) or 1
        elif name in ("file", "title") and value:
            fence.file_name = value[:LONGEST_NAME]
        elif position == 0:
            fence.language = word
        elif "." in word or "/" in word:
            fence.file_name = fence.file_name or word[:LONGEST_NAME]
    return fence


def _words(info: str) -> list[str]:
    return [unescapeAll(word.replace('"', "")) for word in WORD.findall(info)]


def _number(digits: str) -> int:
    digits = digits.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 7 else 0


def _numbers(ranges: str, highest: int) -> frozenset[int]:
    """The numbers in `3,5-7`; each is put in once, however often it is asked for."""
    asked = []
    for part in ranges.split(","):
        first, _dash, last = part.partition("-")
        if start := _number(first):
            asked.append((start, min(_number(last) or start, highest)))
    found: set[int] = set()
    done = 0
    for start, end in sorted(asked):
        found.update(range(max(start, done + 1), end + 1))
        done = max(done, end)
    return frozenset(found)
