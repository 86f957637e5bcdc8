"""Does the storage of uploads do all that is asked of it? Tried out with one small file."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import Error, connection
from django.db.models import Count, Sum
from django.template.defaultfilters import filesizeformat

from blogsite.media.models import StoredFile

LEAST_FREE_BYTES = 512 * 2**20


class Unwell(Exception):
    """Says in a line what is wrong and what to do."""


@dataclass(frozen=True)
class Finding:
    what: str
    is_well: bool
    said: str
    milliseconds: float
    is_hopeless: bool = False


Step = tuple[str, Callable[[], str | None]]


class Probe:
    """One file under a name nobody can guess. The steps come in order, each on its own, unless
    an error is hopeless: then nothing after it is worth a try."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage
        self.name = f"{token_hex(16)}/probe.txt"
        self.data = token_bytes(1000)
        self.is_written = False

    def steps(self) -> list[Step]:
        return [
            ("write", self.write),
            ("read", self.read),
            ("list", self.list),
            ("delete", self.delete),
            ("space", self.space),
        ]

    def findings(self) -> Iterator[Finding]:
        for what, step in self.steps():
            began = time.monotonic()
            try:
                said, is_well, stop = step() or "ok", True, False
            except Unwell as problem:
                said, is_well, stop = str(problem), False, False
            except Exception as error:
                said, is_well, stop = self.sentence(what, error), False, self.is_hopeless(error)
            yield Finding(what, is_well, said, (time.monotonic() - began) * 1000, stop)
            if stop:
                return

    def sentence(self, what: str, error: Exception) -> str:
        if isinstance(error, Error):
            return f"The database says: {' '.join(str(error).split())}"
        return f"Failed: {getattr(error, 'strerror', None) or type(error).__name__}."

    def is_hopeless(self, error: Exception) -> bool:
        return isinstance(error, (OSError, Error))

    def write(self) -> None:
        self.storage.save(self.name, ContentFile(self.data))
        self.is_written = True

    def read(self) -> None:
        with self.storage.open(self.name) as file:
            if file.size != len(self.data) or file.read() != self.data:
                raise Unwell("What was read is not what was written.")

    def list(self) -> None:
        folder, _slash, name = self.name.partition("/")
        if name not in self.storage.listdir(folder)[1]:
            raise Unwell("What was written is not in the list.")

    def delete(self) -> None:
        self.storage.delete(self.name)
        if self.storage.exists(self.name):
            raise Unwell("What was deleted is still there.")

    def space(self) -> str:
        raise NotImplementedError


class DiskProbe(Probe):
    def space(self) -> str:
        return free_space(Path(settings.MEDIA_ROOT))


class DatabaseProbe(Probe):
    def space(self) -> str:
        kept = StoredFile.objects.exclude(name=None).aggregate(files=Count("pk"), size=Sum("size"))
        told = f"{kept['files']} files of {readable(kept['size'] or 0)} in the database"
        if connection.vendor != "sqlite":
            return told
        return f"{told}, {free_space(Path(connection.settings_dict['NAME']))}"


def free_space(place: Path) -> str:
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE_BYTES:
        raise Unwell(f"Only {readable(free)} free: make room.")
    return f"{readable(free)} free"


def readable(size: int) -> str:
    return str(filesizeformat(size)).replace("\xa0", " ")
