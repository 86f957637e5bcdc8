"""Uploads in the database: for a host whose disk is wiped, and who has no bucket.

A file is rows of CHUNK_BYTES each, written one by one, so that neither memory nor a transaction
grows with it: SQLite has one writer, and nobody waits longer than for one chunk. It gets its name
last, and a file without a name is not there.
"""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from blogsite.media.models import StoredChunk, StoredFile
from blogsite.media.reading import StoredBytes

#: Where a byte is found depends on it: what is stored would have to be written anew.
CHUNK_BYTES = 256 * 1024
DELETED_AT_ONCE = 32
NAMED_AT_ONCE = 1000
#: Nobody uploads for longer than this.
ABANDONED_AFTER = timedelta(days=1)


class InDatabase(Storage):
    def exists(self, name: str) -> bool:
        return StoredFile.objects.filter(name=name).exists()

    def size(self, name: str) -> int:
        return _find(name).size

    def get_modified_time(self, name: str) -> datetime:
        return _find(name).created_at

    def names(self) -> Iterator[str]:
        """Of all files, in order."""
        last: Any = ""
        known: Any = StoredFile.objects.order_by("name").values_list("name", flat=True)
        # In bites: an open cursor would hold back SQLite's writers.
        while names := list(known.filter(name__gt=last)[:NAMED_AT_ONCE]):
            yield from names
            last = names[-1]

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folder = f"{path.strip('/')}/".lstrip("/")
        below: Any = StoredFile.objects.filter(name__startswith=folder).order_by("name")
        inside = [name.removeprefix(folder) for name in below.values_list("name", flat=True)]
        folders = {name.partition("/")[0] for name in inside if "/" in name}
        return sorted(folders), [name for name in inside if "/" not in name]

    def delete(self, name: str) -> None:
        """Gone at once; its chunks follow, and if they are not all gone, `prune` goes on."""
        for file in StoredFile.objects.filter(name=name):
            StoredFile.objects.filter(pk=file.pk).update(name=None)
            _discard(file)

    def prune(self) -> int:
        """Remove what a killed process left: uploads without a name, deletions half done."""
        long_ago = timezone.now() - ABANDONED_AFTER
        abandoned = list(StoredFile.objects.filter(name=None, created_at__lt=long_ago))
        for file in abandoned:
            _discard(file)
        return len(abandoned)

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("A file in the database is written by save().")
        file = _find(name)
        return StoredBytes(name, file.size, file.created_at, partial(_chunks, file))

    def _save(self, name: str, content: IO[Any]) -> str:
        file = StoredFile.objects.create()
        try:
            for number, data in enumerate(_pieces(content)):
                StoredChunk.objects.create(file=file, number=number, data=data)
                file.size += len(data)
            return self._show(file, name)
        except Exception:
            _discard(file)
            raise

    def _show(self, file: StoredFile, name: str) -> str:
        try:
            with transaction.atomic():
                done = StoredFile.objects.filter(pk=file.pk).update(name=name, size=file.size)
        except IntegrityError:
            # Somebody else has stored a file of this name while we were writing.
            return self._show(file, self.get_available_name(name))
        if not done:
            raise OSError("the upload took too long and was given up")
        return name


def _chunks(file: StoredFile, start: int) -> Generator[bytes]:
    """Ends too early if the file is deleted while it is read."""
    number, offset = divmod(start, CHUNK_BYTES)
    while data := file.chunks.filter(number=number).values_list("data", flat=True).first():
        yield bytes(data)[offset:]
        number, offset = number + 1, 0


def _find(name: str) -> StoredFile:
    file = StoredFile.objects.filter(name=name).first()
    if file is None:
        raise FileNotFoundError(name)
    return file


def _pieces(content: IO[Any]) -> Iterator[bytes]:
    """CHUNK_BYTES each but for the last, however little one read gives."""
    if content.seekable():
        content.seek(0)
    piece = bytearray()
    while data := content.read(CHUNK_BYTES - len(piece)):
        piece += data
        if len(piece) == CHUNK_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def _discard(file: StoredFile) -> None:
    """Chunk by chunk, so that other writers get their turn."""
    while keys := list(file.chunks.values_list("pk", flat=True)[:DELETED_AT_ONCE]):
        StoredChunk.objects.filter(pk__in=keys).delete()
    file.delete()
