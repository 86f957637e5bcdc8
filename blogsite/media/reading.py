"""A stored file read piece by piece: from any place in it, and never the whole of it in memory."""

from datetime import datetime
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import Any

from django.core.files.base import File

BUFFER_BYTES = 64 * 1024


class Pieces(RawIOBase):
    """Subclasses fetch; this one keeps the place."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self._position = 0

    def fetch(self, start: int, most: int) -> bytes:
        """From one byte to `most` of them; never asked for what lies behind the end."""
        raise NotImplementedError

    def readinto(self, buffer: Any) -> int:
        if self._position >= self.size:
            return 0
        piece = self.fetch(self._position, len(buffer))
        if not piece:
            raise OSError(f"ends after {self._position} of {self.size} bytes")
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        base = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


class StoredBytes(File):
    """What a storage hands out: its size and age are known without asking again."""

    def __init__(self, pieces: Pieces, name: str, modified_at: datetime) -> None:
        super().__init__(BufferedReader(pieces, BUFFER_BYTES), name)
        self.size = pieces.size
        self.modified_at = modified_at
