"""The one way in for pictures: the library, the editor, the sample blog."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from blogsite.lib.text import slugify
from blogsite.media.decoding import Picture, read_picture
from blogsite.media.models import Image
from blogsite.pagecache import stamping, touch

logger = logging.getLogger(__name__)


class StorageAway(Exception):
    """The disk is full or the bucket does not answer. Nothing was kept."""


def store_image(
    file: File | IO[bytes], *, by: User | None, alt: str = "", is_decorative: bool = False
) -> Image:
    """Keep an uploaded picture, cleaned of its metadata.

    In order: the bytes are read and decoded; the file is written; the row. The file comes
    first, so that no row ever names a picture that is not there. The same picture again is
    the same row, and gets a description if it had none. Slow: call it outside a transaction.

    Raises ValidationError with a sentence about the picture, or StorageAway.
    """
    most = settings.MAX_UPLOAD_BYTES
    data = file.read(most + 1)
    if len(data) > most:
        raise ValidationError(
            _("Larger than %(most)d MB. A smaller copy will do."),
            code="too_large",
            params={"most": most // 2**20},
        )
    picture = read_picture(data)
    original_name = PurePath(str(getattr(file, "name", "") or "")).name
    return _keep(picture, original_name, by=by, alt=alt, is_decorative=is_decorative)


def save_image(image: Image) -> None:
    """Store a changed description or focus. Any page may show the picture, so all follow."""
    with stamping():
        image.save()
        touch("site")


def delete_images(images: Iterable[Image]) -> None:
    """Remove pictures for good: rows first, then, when that is certain, their files."""
    images = list(images)
    with stamping():
        for image in images:
            image.delete()
            transaction.on_commit(partial(_remove_file, image.name), robust=True)
        touch("site")


def _remove_file(name: str) -> None:
    """Unless somebody has uploaded the same picture again in the meantime."""
    if not Image.objects.filter(name=name).exists():
        default_storage.delete(name)


def _keep(picture: Picture, original_name: str, **given: Any) -> Image:
    digest = sha256(picture.data).hexdigest()
    found = Image.objects.filter(sha256=digest).first()
    name = found.name if found else _name(digest, original_name, picture.extension)
    _write(name, picture.data)
    if found:
        return _described(found, given["alt"], given["is_decorative"])
    # Somebody else may have stored the same picture in this very moment: then theirs it is.
    image, _created = Image.objects.get_or_create(
        sha256=digest, defaults=_columns(picture, name, original_name, **given)
    )
    return image


def _columns(
    picture: Picture,
    name: str,
    original_name: str,
    *,
    by: User | None,
    alt: str,
    is_decorative: bool,
) -> dict[str, Any]:
    return {
        "name": name,
        "original_name": original_name[-200:] or name.rpartition("/")[2],
        "mime": picture.mime,
        "bytes": len(picture.data),
        "width": picture.width,
        "height": picture.height,
        "colour": picture.colour,
        "alt": "" if is_decorative else alt,
        "is_decorative": is_decorative,
        "uploaded_by": by,
    }


def _described(image: Image, alt: str, is_decorative: bool) -> Image:
    if not image.alt and not image.is_decorative and (alt or is_decorative):
        image.alt = "" if is_decorative else alt
        image.is_decorative = is_decorative
        save_image(image)
    return image


def _name(digest: str, original_name: str, extension: str) -> str:
    return f"{digest[:32]}/{_stem(original_name)}.{extension}"


def _stem(original_name: str) -> str:
    """A short plain word for the address. Names of digits alone are kept for other widths."""
    readable = slugify(PurePath(original_name).stem, longest=60)
    stem = re.sub(r"[^a-z0-9]+", "-", readable).strip("-")
    return stem if re.search("[a-z]", stem) else "picture"


def _write(name: str, data: bytes) -> None:
    """Put the bytes there unless they are there already, whole.

    A process that was killed while writing leaves half a file: its size gives it away.
    """
    with _asking_storage():
        if default_storage.exists(name):
            if default_storage.size(name) == len(data):
                return
            default_storage.delete(name)
        written = default_storage.save(name, ContentFile(data))
        if written != name:
            # Somebody else wrote the same bytes in this moment.
            default_storage.delete(written)


@contextmanager
def _asking_storage() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Each storage fails in its own words.
        logger.exception("the storage of uploads does not answer")
        raise StorageAway from error
