"""Pictures made on the spot, with everything in them that must not be published."""

from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image as Pillow
from PIL import ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

SECRET = b"Leg Quay 4"
GPS = {1: "N", 2: (59.0, 54.0, 0.0), 3: "E", 4: (10.0, 45.0, 0.0)}
ORIENTATION, MAKE, GPS_TABLE = 0x0112, 0x010F, 0x8825


def drawing(size: tuple[int, int] = (80, 60), mode: str = "RGB") -> Pillow.Image:
    """Red above, blue below: which side is up can be seen."""
    image = Pillow.new("RGB", size, "#2244cc")
    ImageDraw.Draw(image).rectangle((0, 0, size[0], size[1] // 2 - 1), fill="#cc2222")
    return image.convert(mode)


def saved(image: Pillow.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Pillow.Exif:
    notes = Pillow.Exif()
    notes[MAKE] = SECRET.decode()
    notes[ORIENTATION] = orientation
    notes.get_ifd(GPS_TABLE).update(GPS)
    return notes


@cache
def profile() -> bytes:
    """Made once: it holds the second in which it was made."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def jpeg(size: tuple[int, int] = (80, 60), *, orientation: int = 1, **options: Any) -> bytes:
    return saved(
        drawing(size),
        "JPEG",
        quality=90,
        exif=exif(orientation),
        icc_profile=profile(),
        comment=SECRET,
        xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>",
        **options,
    )


def png(size: tuple[int, int] = (80, 60), *, orientation: int = 1, **options: Any) -> bytes:
    notes = PngInfo()
    notes.add_text("Author", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    notes.add_text("Place", SECRET.decode(), zip=True)
    return saved(
        drawing(size),
        "PNG",
        pnginfo=notes,
        exif=exif(orientation),
        icc_profile=profile(),
        **options,
    )


def webp(size: tuple[int, int] = (80, 60), *, orientation: int = 1, **options: Any) -> bytes:
    return saved(
        drawing(size),
        "WEBP",
        exif=exif(orientation),
        xmp=SECRET,
        icc_profile=profile(),
        **options,
    )


def gif(size: tuple[int, int] = (80, 60), **options: Any) -> bytes:
    return saved(drawing(size), "GIF", comment=SECRET, **options)


def avif(size: tuple[int, int] = (80, 60), *, with_notes: bool = True) -> bytes:
    notes = {"exif": exif(), "xmp": SECRET} if with_notes else {}
    return saved(drawing(size), "AVIF", icc_profile=profile(), **notes)


def animated(kind: str, frames: int = 3) -> bytes:
    first, *rest = (Pillow.new("RGB", (40, 30), (n * 60 % 256, 0, 90)) for n in range(frames))
    notes = {"GIF": {"comment": SECRET}, "PNG": {}, "WEBP": {"xmp": SECRET}, "AVIF": {}}[kind]
    return saved(first, kind, save_all=True, append_images=rest, duration=80, loop=0, **notes)


def opened(data: bytes) -> Pillow.Image:
    image = Pillow.open(BytesIO(data))
    image.load()
    return image
