"""Uploads from one storage to another. What a text says stays true: addresses name no storage."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import storages
from django.db import reset_queries

from blogsite.media.models import Upload
from blogsite.storages import media

#: Whatever else lies in a folder or a bucket is none of ours.
OURS = re.compile(r"[0-9a-f]{32}/[A-Za-z0-9][A-Za-z0-9._-]*")
BLOCK_BYTES = 256 * 1024

COPIED, THERE, MISSING, DAMAGED = "copied", "there already", "missing", "damaged"


class NotTheSame(Exception):
    """The copy reads differently from what was written. It was removed again."""


@dataclass(frozen=True)
class Moved:
    name: str
    outcome: str
    bytes: int = 0


def storage_of(kind: str) -> Any:
    return storages.create_storage(media(kind, settings.S3))


def all_names(source: Any) -> list[str]:
    """Everything of ours that is there, and everything that should be: originals have rows,
    what was made of them lies beside them."""
    return sorted({*filter(OURS.fullmatch, source.names()), *_hashes()})


def move(
    names: list[str], source: Any, target: Any, *, delete: bool = False, dry_run: bool = False
) -> Iterator[Moved]:
    """One file after another; each is read back before it counts, and before its source goes.

    Killed anywhere, it leaves the source whole or the copy proven. A repeated run reads again
    what is there already, and copies only what differs.
    """
    hashes = _hashes()
    for name in names:
        reset_queries()  # development remembers every statement, chunks and all
        moved = _move(name, hashes.get(name), source, target, dry_run=dry_run)
        if delete and not dry_run and moved.outcome in (COPIED, THERE):
            source.delete(name)
        yield moved


def _move(name: str, expected: str | None, source: Any, target: Any, *, dry_run: bool) -> Moved:
    found = _digest(source, name)
    if found is None:
        # An earlier run that deleted its sources has come by here.
        return Moved(name, THERE if target.exists(name) else MISSING)
    digest, size = found
    if expected not in (None, digest):
        return Moved(name, DAMAGED, size)
    if (copy := _digest(target, name)) == found:
        return Moved(name, THERE, size)
    if not dry_run:
        if copy:
            target.delete(name)
        _copy(name, source, target, found)
    return Moved(name, COPIED, size)


def _copy(name: str, source: Any, target: Any, wanted: tuple[str, int]) -> None:
    with source.open(name) as file:
        written = target.save(name, file)
    if written != name or _digest(target, name) != wanted:
        target.delete(written)
        raise NotTheSame(name)


def _digest(storage: Any, name: str) -> tuple[str, int] | None:
    """The hash and the length of what can really be read; nothing if it is not there."""
    digest, size = sha256(), 0
    try:
        with storage.open(name) as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
                size += len(block)
    except FileNotFoundError:
        return None
    return digest.hexdigest(), size


def _hashes() -> dict[str, str]:
    """Of every original in the library, by its name in the storage."""
    libraries = [model for model in apps.get_models() if issubclass(model, Upload)]
    return {
        name: digest
        for library in libraries
        for name, digest in library._default_manager.values_list("name", "sha256")
    }
