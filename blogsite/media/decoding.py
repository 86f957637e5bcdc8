"""Looks at uploaded bytes, decides whether they are a picture, and makes them fit to publish."""

import logging
import threading
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from blogsite.media.metadata import is_one_scan, with_orientation, without_metadata

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
#: An encoder needs 30 bytes for each pixel.
MOST_PIXELS_ENCODED_AGAIN = 13 * MEGA
MOST_FRAMES = 1_000
MOST_PIXELS_OF_ALL_FRAMES = 1_000 * MEGA

#: Unpacking takes 220 MB; the largest WebP, and what is encoded again, 400. So a crowd of uploads
#: waits in line.
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
    # Several pictures in one JPEG: the first is what everybody shows.
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    width, height = image.size
    _check_size(image, kind, data)
    orientation = _orientation(image)
    has_notes = kind == "AVIF" and not image.info.keys().isdisjoint({"exif", "xmp"})
    is_encoded_again = has_notes or (orientation > 1 and kind in ("PNG", "WEBP"))
    if is_encoded_again and width * height > MOST_PIXELS_ENCODED_AGAIN:
        raise _too_many_pixels(MOST_PIXELS_ENCODED_AGAIN)
    if kind == "JPEG":
        image.draft(None, (64, 64))
    image.load()  # every byte is read, so that a cut-off file is found out
    # Nothing may shine through what is clear.
    colour = "" if image.has_transparency_data else _dominant_colour(image)
    data = _encoded_again(image) if is_encoded_again else data
    if kind != "AVIF":
        data = without_metadata(kind, data)
    if kind == "JPEG" and orientation > 1:
        # Browsers turn it as they show it. Turned by us it would be blurred, and take 300 MB.
        data = with_orientation(data, orientation)
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


def _why_no_picture(data: bytes) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"hevc", b"heim", b"mif1"}:
        return _("Browsers cannot show HEIC pictures. Export it as JPEG and upload that.")
    if head.startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")) and b"<svg" in head:
        return _("SVG drawings can carry programs. Export it as PNG and upload that.")
    return _(
        "This file is not a picture that browsers can show. JPEG, PNG, WebP, AVIF and GIF work."
    )


def _check_size(image: "PIL.Image.Image", kind: str, data: bytes) -> None:
    pixels = image.width * image.height
    is_light = pixels > MOST_PIXELS and kind == "JPEG" and is_one_scan(data)
    most = MOST_PIXELS_OF_JPEG if is_light else MOST_PIXELS
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


def _encoded_again(image: "PIL.Image.Image") -> bytes:
    """Upright pixels in the same format, with the colour profile and nothing else."""
    from PIL import ImageOps

    is_animated = getattr(image, "is_animated", False)
    options = {
        "AVIF": {"quality": 85, "speed": 10, "save_all": is_animated},
        "WEBP": {"quality": 90},
    }.get(str(image.format), {})
    if not is_animated:
        ImageOps.exif_transpose(image, in_place=True)
    for key in ("exif", "xmp", "comment"):
        image.info.pop(key, None)
    out = BytesIO()
    image.save(out, image.format, icc_profile=image.info.get("icc_profile"), **options)
    return out.getvalue()


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
