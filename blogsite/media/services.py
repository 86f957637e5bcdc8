"""The one way in for uploads: the library, the editor, the sample blog."""

import logging
import re
from hashlib import sha256
from pathlib import PurePath
from typing import IO, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.base import File as Content
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from blogsite.lib.text import first_free, slugify
from blogsite.media import kinds, leaving
from blogsite.media.decoding import Picture, read_picture
from blogsite.media.models import File, FormerName, Image, Leaving, Upload
from blogsite.media.signals import tell
from blogsite.media.storing import write
from blogsite.media.tasks import make_variants, remove_files
from blogsite.pagecache import stamping, touch
from blogsite.tasks import enqueue_on_commit

logger = logging.getLogger(__name__)
Kept = TypeVar("Kept", Image, File)

#: Names that Windows keeps for its devices, whatever their ending.
RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)\d")


class StorageAway(ValidationError):
    """The disk is full or the bucket does not answer. Nothing was kept."""

    def __init__(self) -> None:
        told = _("The storage for uploads does not answer. Try again in a minute.")
        super().__init__(told, code="storage_away")


def receive(
    file: Content, *, by: User | None, alt: str = "", is_decorative: bool = False
) -> Image | File:
    """Keep an upload of any kind: pictures as pictures, all else as it came, to download.

    Raises ValidationError with a sentence about the file, or its kind StorageAway.
    """
    head = file.read(kinds.HEAD_BYTES)
    file.seek(0)
    if kinds.is_picture(head, plain_name(file)):
        return store_image(file, by=by, alt=alt, is_decorative=is_decorative)
    return store_file(file, head, by=by)


def store_image(
    file: Content | IO[bytes], *, by: User | None, alt: str = "", is_decorative: bool = False
) -> Image:
    """Keep an uploaded picture, cleaned of its metadata.

    In order: the bytes are read and decoded; the file is written; the row. The file comes
    first, so that no row ever names a picture that is not there. The same picture again is
    the same row, out of where it was put away; from whoever may change it, it gets a
    description if it had none.
    Slow: call it outside a transaction.

    Raises ValidationError with a sentence about the picture, or StorageAway.
    """
    picture = _picture(file)
    columns = _columns(picture) | {
        "alt": "" if is_decorative else alt,
        "is_decorative": is_decorative,
        "uploaded_by": by,
    }
    image = _keep(Image, ContentFile(picture.data), plain_name(file), picture.extension, columns)
    may = by is None or image.uploaded_by_id == by.pk or by.has_perm("media.edit_any_image")
    if may and not image.alt and not image.is_decorative and (alt or is_decorative):
        image.alt, image.is_decorative = columns["alt"], is_decorative
        save_images(image)
    return image


def store_file(file: Content, head: bytes, *, by: User | None) -> File:
    """Keep something to download, or to listen to and watch, without having it in memory."""
    name = plain_name(file)
    if not file.size:
        raise ValidationError(_("The file is empty."), code="empty")
    if file.size > settings.MAX_FILE_BYTES:
        raise _too_large(settings.MAX_FILE_BYTES)
    extension = kinds.extension(head, name)
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    columns = {
        "sha256": digest.hexdigest(),
        "mime": kinds.mime(extension),
        "bytes": file.size,
        "uploaded_by": by,
    }
    # Bare: a storage on the disk would take an upload's own file away instead of copying it.
    return _keep(File, Content(file.file), name, extension, columns)


def replace_image(image: Image, file: Content | IO[bytes]) -> Image:
    """Show other bytes wherever this picture is shown. Its address goes on working.

    In order: the new bytes are decoded and written; in one transaction the old address is
    noted, the row follows, what lay under the old name is given up; texts are told.

    Raises as `store_image`, also when the new picture is in the library already.
    """
    picture = _picture(file)
    columns = _columns(picture)
    if columns["sha256"] == image.sha256:
        return image
    name = _free_name(columns["sha256"], plain_name(file), picture.extension, of=image)
    _refuse_known(columns["sha256"])
    content = ContentFile(picture.data)
    _write(name, content)
    try:
        with stamping():
            row = Image.objects.select_for_update().get(pk=image.pk)
            FormerName.objects.filter(name=name).delete()
            FormerName.objects.create(name=row.name, image=row)
            _stays(name)
            leaving.note(row.name)
            enqueue_on_commit(remove_files)
            vars(row).update(columns, name=name, variants={}, original_name=plain_name(file))
            row.save()
            enqueue_on_commit(make_variants, name)
            touch("site")
            tell(row)
    except (Image.DoesNotExist, IntegrityError) as problem:
        leaving.note(name)
        _refuse_known(columns["sha256"])
        told = _("Somebody has just deleted or replaced this picture. Nothing was changed.")
        raise ValidationError(told, code="gone") from problem
    _write(name, content)
    return row


def save_images(*images: Image) -> None:
    """Store changed descriptions and focuses. Any page may show the pictures, so all follow."""
    with stamping():
        # Not the whole row: smaller copies may be named in it in this very moment. Nor `save`: it
        # may be deleted.
        Image.objects.bulk_update(images, ["alt", "is_decorative", "focal_x", "focal_y"])
        tell(*images)
        touch("site")


def delete_uploads(*uploads: Upload) -> None:
    """Remove uploads for good: their rows at once, their files when that is certain."""
    with stamping():
        leaving.let_go(*uploads)
        enqueue_on_commit(remove_files)


def put_away(uploads: QuerySet) -> int:
    """Out of sight; removed after thirty days unless something uses them by then."""
    return uploads.filter(put_away_at=None).update(put_away_at=timezone.now())


def take_back(uploads: QuerySet) -> int:
    return uploads.exclude(put_away_at=None).update(put_away_at=None)


def plain_name(file: Any) -> str:
    """What the file is called, without folders and without signs that cannot be seen."""
    given = re.split(r"[/\\]", str(getattr(file, "name", "") or ""))[-1]
    return "".join(sign for sign in given if sign.isprintable()).strip()[-200:]


# -- pictures ------------------------------------------------------------------------------


def _picture(file: Content | IO[bytes]) -> Picture:
    most = settings.MAX_UPLOAD_BYTES
    data = file.read(most + 1)
    if len(data) > most:
        raise _too_large(most)
    return read_picture(data)


def _too_large(most: int) -> ValidationError:
    return ValidationError(
        _("Larger than %(most)d MB. A smaller copy will do."),
        code="too_large",
        params={"most": most // 2**20},
    )


def _columns(picture: Picture) -> dict[str, Any]:
    seen = {name: getattr(picture, name) for name in ("mime", "width", "height", "colour")}
    return seen | {"sha256": sha256(picture.data).hexdigest(), "bytes": len(picture.data)}


def _refuse_known(digest: str) -> None:
    if known := Image.objects.filter(sha256=digest).first():
        raise ValidationError(
            _("This picture is in the library already, as “%(name)s”. Use that one."),
            code="known",
            params={"name": known},
        )


# -- names and bytes -----------------------------------------------------------------------


def _keep(
    kind: type[Kept], content: Content, original_name: str, extension: str, columns: dict[str, Any]
) -> Kept:
    """File, row, and the file once more: what was given up in this very moment comes back."""
    digest = columns["sha256"]
    found = kind._default_manager.filter(sha256=digest).first()
    name = found.name if found else _free_name(digest, original_name, extension)
    _write(name, content)
    with transaction.atomic():
        # Waits for whoever is removing these bytes; from here on nobody begins to.
        _stays(name)
        defaults = columns | {"name": name, "original_name": original_name or PurePath(name).name}
        # Somebody else may have stored the same in this moment: then theirs it is.
        kept, _created = kind._default_manager.get_or_create(sha256=digest, defaults=defaults)
        if isinstance(kept, Image) and not kept.variants:
            enqueue_on_commit(make_variants, kept.name)
        if kept.put_away_at:
            kept.put_away_at = None
            kept.save(update_fields=["put_away_at"])
    _write(kept.name, content)
    return kept


def _free_name(digest: str, original_name: str, extension: str, of: Image | None = None) -> str:
    """An address that texts use for a picture that was replaced stays that picture's."""
    folder = digest[:32]
    formers = FormerName.objects.filter(name__startswith=f"{folder}/").exclude(image=of)
    taken = {PurePath(name).stem for name in formers.values_list("name", flat=True)}
    stem = _stem(original_name, "picture" if extension in kinds.PICTURES else "file")
    return f"{folder}/{first_free(stem, taken)}.{extension}"


def _stem(original_name: str, otherwise: str) -> str:
    """A short plain word for the address. Names of digits alone are kept for other widths."""
    readable = slugify(PurePath(original_name).stem, longest=60)
    stem = re.sub(r"[^a-z0-9]+", "-", readable).strip("-")
    if RESERVED.fullmatch(stem):
        return f"{stem}-{otherwise}"
    return stem if re.search("[a-z]", stem) else otherwise


def _stays(name: str) -> None:
    Leaving.objects.filter(folder=name.partition("/")[0]).delete()


def _write(name: str, content: Content) -> None:
    try:
        write(name, content)
    except Exception as error:
        # Each storage fails in its own words.
        logger.exception("the storage of uploads does not answer")
        raise StorageAway from error
