"""Looks at uploaded bytes, decides whether they are a picture, and makes them fit to publish."""

import logging
import threading
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from blogsite.media.metadata import with_orientation, without_metadata

if TYPE_CHECKING:
    import PIL.Image

logger = logging.getLogger(__name__)

#: What Pillow calls it → media type and file name extension.
FORMATS = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
    "AVIF": ("image/avif", "avif"),
}
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"\0\0\0\x20ftypavif")
MEGA = 1_000_000
#: A JPEG is looked at in an eighth of its size; everything else is unpacked in full.
MOST_PIXELS = 25 * MEGA
MOST_PIXELS_OF_JPEG = 100 * MEGA
MOST_FRAMES = 1_000
MOST_PIXELS_OF_ALL_FRAMES = 1_000 * MEGA

#: Unpacking takes 150 MB, and 400 for the largest WebP: a crowd of uploads waits in line.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    data: bytes
    mime: str
    extension: str
    width: int
    height: int
    colour: str


def read_picture(data: bytes) -> Picture:
    """Decode, check and clean. Raises ValidationError with one sentence for people."""
    if not data:
        raise ValidationError(_("The file is empty."), code="empty")
    with _one_at_a_time:
        try:
            return _read(data)
        except ValidationError:
            raise
        except Exception as error:
            # Decoders fed with broken bytes raise whatever they trip over.
            logger.info("upload refused: %s: %s", type(error).__name__, error)
            raise _damaged() from error


def _read(data: bytes) -> Picture:
    image = _open(data)
    kind = _kind(image)
    width, height = image.size
    _check_size(image, kind)
    orientation = _orientation(image)
    if kind == "JPEG":
        image.draft(None, (64, 64))
    image.load()  # every byte is read, so that a cut-off file is found out
    # Nothing may shine through what is clear.
    colour = "" if image.has_transparency_data else _dominant_colour(image)
    data = _cleaned(data, kind, orientation)
    if orientation >= 5:  # lies on its side
        width, height = height, width
    mime, extension = FORMATS[kind]
    return Picture(data, mime, extension, width, height, colour)


def _open(data: bytes) -> "PIL.Image.Image":
    # Named here, so that Pillow does not load its sixty other formats on the first upload.
    from PIL import AvifImagePlugin, Image, UnidentifiedImageError, WebPImagePlugin  # noqa: F401

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_JPEG
    try:
        return Image.open(BytesIO(data), formats=list(FORMATS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(MOST_PIXELS_OF_JPEG) from error
    except UnidentifiedImageError as error:
        if data.startswith(BEGINNINGS):
            raise _damaged() from error
        raise ValidationError(_why_no_picture(data), code="no_picture") from error


def _kind(image: "PIL.Image.Image") -> str:
    """Several pictures in one JPEG: the first is what everybody shows."""
    return "JPEG" if image.format == "MPO" else str(image.format)


def _why_no_picture(data: bytes) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"hevc", b"heim", b"mif1"}:
        return _("Browsers cannot show HEIC pictures. Export it as JPEG and upload that.")
    if head.startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")) and b"<svg" in head:
        return _("SVG drawings can carry programs. Export it as PNG and upload that.")
    return _(
        "This file is not a picture that browsers can show. JPEG, PNG, WebP, AVIF and GIF work."
    )


def _check_size(image: "PIL.Image.Image", kind: str) -> None:
    # A progressive JPEG has to be unpacked in full even for a small preview.
    is_light = kind == "JPEG" and not image.info.get("progressive")
    most = MOST_PIXELS_OF_JPEG if is_light else MOST_PIXELS
    pixels = image.width * image.height
    if pixels > most:
        raise _too_many_pixels(most)
    frames = 1 if kind == "JPEG" else getattr(image, "n_frames", 1)
    if frames > MOST_FRAMES or frames * pixels > MOST_PIXELS_OF_ALL_FRAMES:
        raise ValidationError(
            _("The animation is too long. Make it shorter or smaller, or upload it as a film."),
            code="too_long",
        )


def _orientation(image: "PIL.Image.Image") -> int:
    """1 to 8 as EXIF counts. Animations keep theirs: turning them would take each frame apart."""
    if getattr(image, "is_animated", False) and image.format != "MPO":
        return 1
    try:
        found = image.getexif().get(0x0112)
    except Exception:
        # A camera's garbled notes say nothing about the pixels.
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _dominant_colour(image: "PIL.Image.Image") -> str:
    from PIL import Image

    small = image.resize((48, 48), Image.Resampling.NEAREST).convert("RGB")
    flat = small.quantize(8)
    counts: list[tuple[int, int]] = flat.getcolors()  # type: ignore[assignment]
    most = max(counts)[1]
    red, green, blue = (flat.getpalette() or [])[3 * most : 3 * most + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _cleaned(data: bytes, kind: str, orientation: int) -> bytes:
    if kind == "AVIF":
        info = _open(data).info
        return _encoded_again(data) if info.get("exif") or info.get("xmp") else data
    if orientation == 1:
        return without_metadata(kind, data)
    if kind == "JPEG":
        # Browsers turn it as they show it. Turned by us it would be blurred, and take 300 MB.
        return with_orientation(without_metadata(kind, data), orientation)
    return _encoded_again(data)


def _encoded_again(data: bytes) -> bytes:
    """Upright pixels in the same format, with the colour profile and nothing else."""
    from PIL import ImageOps

    image = _open(data)
    kind = _kind(image)
    is_animated = getattr(image, "is_animated", False)
    options: dict[str, Any] = {
        "AVIF": {"quality": 85, "speed": 8, "save_all": is_animated},
        "WEBP": {"quality": 90},
    }.get(kind, {})
    upright = image if options.get("save_all") else ImageOps.exif_transpose(image)
    for key in ("exif", "xmp", "comment"):
        upright.info.pop(key, None)
    out = BytesIO()
    upright.save(out, kind, icc_profile=image.info.get("icc_profile"), **options)
    return without_metadata(kind, out.getvalue()) if kind != "AVIF" else out.getvalue()


def _damaged() -> ValidationError:
    return ValidationError(
        _("The picture is damaged or incomplete. Open it on your device, save it anew, try again."),
        code="damaged",
    )


def _too_many_pixels(most: int) -> ValidationError:
    return ValidationError(
        _("More than %(most)d megapixels. A smaller copy will do."),
        code="too_many_pixels",
        params={"most": most // MEGA},
    )
