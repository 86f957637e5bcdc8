"""Does the storage of uploads do all that is asked of it? Tried out with one small file."""

from collections.abc import Callable, Iterator
from secrets import token_bytes, token_hex
from typing import Any

from django.core.files.base import ContentFile
from django.db import Error


class Unwell(Exception):
    """Says in a line what is wrong and what to do."""


class Hopeless(Unwell):
    """With this nothing else can work either."""


class Probe:
    """One file under a name nobody can guess. The steps come in order, each on its own, unless
    one is hopeless: then nothing after it is worth a try."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage
        self.name = f"{token_hex(16)}/probe.txt"
        self.data = token_bytes(1000)
        self.is_written = False

    def steps(self) -> list[Callable[[], str | None]]:
        return [self.write, self.read, self.list, self.delete]

    def findings(self) -> Iterator[tuple[str, str | Unwell]]:
        """What was tried, and what came of it."""
        for step in self.steps():
            what = step.__name__.replace("_", " ")
            try:
                found: str | Unwell = step() or "ok"
            except Unwell as problem:
                found = problem
            except Exception as error:
                found = self.told(what, error)
            yield what, found
            if isinstance(found, Hopeless):
                return

    def told(self, what: str, error: Exception) -> Unwell:
        if isinstance(error, Error):
            return Hopeless(f"The database says: {' '.join(str(error).split())}")
        kind = Hopeless if isinstance(error, OSError) else Unwell
        return kind(f"Failed: {getattr(error, 'strerror', None) or type(error).__name__}.")

    def write(self) -> None:
        self.storage.save(self.name, ContentFile(self.data))
        self.is_written = True

    def read(self) -> None:
        self.needs_the_file()
        with self.storage.open(self.name) as file:
            if file.size != len(self.data) or file.read() != self.data:
                raise Unwell("What was read is not what was written.")

    def list(self) -> None:
        folder, _slash, name = self.name.partition("/")
        if self.is_written and name not in self.storage.listdir(folder)[1]:
            raise Unwell("What was written is not in the list.")
        # A store that does not let us list says "forbidden" of what is not there.
        if self.storage.exists(f"{self.name}.missing"):
            raise Unwell("It says yes to a file that nobody wrote.")

    def delete(self) -> None:
        self.storage.delete(self.name)
        if self.is_written and self.storage.exists(self.name):
            raise Unwell("What was deleted is still there.")

    def needs_the_file(self) -> None:
        if not self.is_written:
            raise Unwell("Not tried: nothing could be written.")
