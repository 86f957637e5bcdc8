"""Small steps that are the same for every storage."""

from typing import Any

from django.core.files.storage import default_storage


def write(name: str, content: Any) -> None:
    """Put the bytes there unless they are there already, whole.

    A process that was killed while writing leaves half a file: its size gives it away.
    """
    if default_storage.exists(name):
        if default_storage.size(name) == content.size:
            return
        default_storage.delete(name)
    content.seek(0)
    written = default_storage.save(name, content)
    if written != name:
        # Somebody else wrote the same in this moment.
        default_storage.delete(written)


def names_in(folder: str) -> set[str]:
    try:
        return set(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return set()
