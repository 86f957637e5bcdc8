"""A stored file read piece by piece: from any place in it, and never the whole of it in memory."""

from collections.abc import Callable, Generator
from datetime import datetime
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import Any

from django.core.files.base import File

BUFFER_BYTES = 64 * 1024
#: From one byte on to the end, in pieces of any size.
Pieces = Callable[[int], Generator[bytes]]


class StoredBytes(File):
    """What a storage hands out: its size and age are known without asking again."""

    def __init__(self, name: str, size: int, modified_at: datetime, pieces: Pieces) -> None:
        super().__init__(BufferedReader(_Seekable(size, pieces), BUFFER_BYTES), name)
        self.size = size
        self.modified_at = modified_at


class _Seekable(RawIOBase):
    def __init__(self, size: int, pieces: Pieces) -> None:
        super().__init__()
        self._size, self._pieces, self._position = size, pieces, 0
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._source, self._rest = self._pieces(self._position), memoryview(b"")

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._size:
            return 0
        piece = self._rest or memoryview(next(self._source, b""))
        if not piece:
            raise OSError(f"ends after {self._position} of {self._size} bytes")
        count = min(len(piece), len(buffer))
        buffer[:count], self._rest = piece[:count], piece[count:]
        self._position += count
        return count

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        place = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self._size}[whence] + offset
        if place < 0:
            raise ValueError("before the beginning")
        if place != self._position:
            self._source.close()
            self._position = place
            self._begin_anew()
        return place

    def close(self) -> None:
        self._source.close()
        super().close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
