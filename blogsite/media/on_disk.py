"""Uploads in a folder. A file gets its name when it is complete, so none is ever half there."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.storage import FileSystemStorage

#: On the same disk as the files, since a name is given by moving.
UNFINISHED = ".unfinished"
ABANDONED_AFTER_SECONDS = 86_400


class OnDisk(FileSystemStorage):
    def names(self) -> Iterator[str]:
        """Of all files, folder by folder; what is hidden is none of ours."""
        for folder, inside, files in os.walk(self.location):
            inside[:] = sorted(name for name in inside if not name.startswith("."))
            for name in sorted(files):
                yield (Path(folder) / name).relative_to(self.location).as_posix()

    def prune(self) -> int:
        """Remove what a killed process left unfinished."""
        long_ago = time.time() - ABANDONED_AFTER_SECONDS
        old = [p for p in Path(self.path(UNFINISHED)).glob("*") if p.stat().st_mtime < long_ago]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _save(self, name: str, content: Any) -> str:
        part = f"{UNFINISHED}/{uuid4().hex}"
        try:
            super()._save(part, content)  # type: ignore[misc]  # Django has it
            with open(self.path(part), "rb") as file:
                os.fsync(file.fileno())  # else a power cut could leave the name without the bytes
            final = Path(self.path(name))
            final.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.path(part), final)
        except BaseException:
            Path(self.path(part)).unlink(missing_ok=True)
            raise
        return name
