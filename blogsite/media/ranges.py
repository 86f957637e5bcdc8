"""A part of a file, as a browser asks for it: to jump in a recording, to resume a download."""

import re
from collections.abc import Iterator
from typing import IO

BLOCK_BYTES = 64 * 1024
ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII)


def wanted(header: str, size: int) -> range | None:
    """The bytes asked for; None means all, as it does for what we do not understand. What begins
    behind the end is empty.

    Several ranges at once are answered by the whole, which the rules allow: no player asks so.
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def read(file: IO[bytes], part: range) -> Iterator[bytes]:
    file.seek(part.start)
    left = len(part)
    while left and (block := file.read(min(left, BLOCK_BYTES))):
        left -= len(block)
        yield block
