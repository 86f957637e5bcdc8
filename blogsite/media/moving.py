"""Uploads from one storage to another. What a text says stays true: addresses name no storage."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import reset_queries

from blogsite.media.models import File, Image
from blogsite.storages import media

#: Whatever else lies in a folder or a bucket is none of ours.
OURS = re.compile(r"[0-9a-f]{32}/[A-Za-z0-9][A-Za-z0-9._-]*")
BLOCK_BYTES = 256 * 1024

COPIED, THERE, MISSING, DAMAGED = "copied", "there already", "missing", "damaged"


class NotTheSame(Exception):
    """The copy reads differently from what was written. It was removed again."""


def storage_of(kind: str) -> Any:
    return storages.create_storage(media(kind, settings.S3))


def all_names(source: Any) -> list[str]:
    """Everything of ours that is there, and everything that should be: originals have rows,
    what was made of them lies beside them."""
    return sorted({*filter(OURS.fullmatch, source.names()), *_hashes()})


def move(
    names: list[str], source: Any, target: Any, *, delete: bool = False, dry_run: bool = False
) -> Iterator[tuple[str, str]]:
    """One file after another, with what became of it; each is read back before it counts, and
    before its source goes.

    Killed anywhere, it leaves the source whole or the copy proven. A repeated run reads again
    what is there already, and copies only what differs.
    """
    hashes = _hashes()
    for name in names:
        reset_queries()  # development remembers every statement, chunks and all
        outcome = _move(name, hashes.get(name), source, target, dry_run=dry_run)
        if delete and not dry_run and outcome in (COPIED, THERE):
            source.delete(name)
        yield name, outcome


def _move(name: str, expected: str | None, source: Any, target: Any, *, dry_run: bool) -> str:
    digest = _digest(source, name)
    if digest is None:
        # An earlier run that deleted its sources has come by here.
        return THERE if target.exists(name) else MISSING
    if expected not in (None, digest):
        return DAMAGED
    copy = _digest(target, name)
    if copy == digest:
        return THERE
    if not dry_run:
        if copy:
            target.delete(name)
        with source.open(name) as file:
            written = target.save(name, file)
        if written != name or _digest(target, name) != digest:
            target.delete(written)
            raise NotTheSame(name)
    return COPIED


def _digest(storage: Any, name: str) -> str | None:
    """The hash of what can really be read; nothing if it is not there."""
    digest = sha256()
    try:
        with storage.open(name) as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def _hashes() -> dict[str, str]:
    """Of every original in the library, by its name in the storage."""
    pictures, files = (kind.objects.values_list("name", "sha256") for kind in (Image, File))
    return {**dict(pictures), **dict(files)}
