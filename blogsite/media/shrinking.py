"""Makes smaller copies of one picture: a program of its own, run by `variants`, `bounded`.

Each copy is written as a line with its name and its length, then its bytes. An animation has no
copies: they would stand still.
"""

import sys
from collections.abc import Callable
from io import BytesIO
from math import ceil, floor
from typing import Any, BinaryIO

from PIL import AvifImagePlugin, Image, ImageCms, ImageFile, ImageOps, WebPImagePlugin  # noqa: F401

#: The pictures were let in by their size; here memory is what counts.
Image.MAX_IMAGE_PIXELS = None
ROWS_AT_ONCE, AROUND = 32, 3
FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "AVIF"]
#: By the ending of the name: what Pillow calls it, and how.
ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 47, "speed": 8, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 75, "method": 4}),
    "jpg": ("JPEG", {"quality": 78, "optimize": True, "progressive": True}),
    "png": ("PNG", {"optimize": True}),
}
Strip = Callable[[Image.Image], Image.Image]


def main(names: list[str], source: BinaryIO, copies: BinaryIO) -> None:
    image = Image.open(source, formats=FORMATS)
    if getattr(image, "is_animated", False) and image.format != "MPO":
        return
    widths = sorted({width_in(name) for name in names}, reverse=True)
    copy = small(image, widths[0])
    del image  # decoders hold on to what they have decoded
    for width in widths:
        height = max(1, round(width * copy.height / copy.width))
        copy = copy.resize((width, height), Image.Resampling.LANCZOS)
        for name in [name for name in names if width_in(name) == width]:
            data = encoded(copy, name)
            copies.write(f"{name} {len(data)}\n".encode() + data)
            copies.flush()


def width_in(name: str) -> int:
    return int(name.partition(".")[0])


def small(image: ImageFile.ImageFile, width: int) -> Image.Image:
    """Upright, in sRGB, of this width: from here on memory is no concern.

    Strip by strip, because there is no room for 25 megapixels twice.
    """
    is_on_its_side = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    shrink = width / (image.height if is_on_its_side else image.width)
    image.draft(None, (ceil(image.width * shrink), ceil(image.height * shrink)))
    ImageOps.exif_transpose(image, in_place=True)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    turn = into_srgb(image, mode)
    result = Image.new(mode, (width, max(1, round(width * image.height / image.width))))
    step = image.height / result.height
    around = AROUND if step > 1 else 0
    for top in range(0, result.height, ROWS_AT_ONCE):
        below = min(top + ROWS_AT_ONCE, result.height)
        # A row is made of those around it.
        first, last = floor(max(0, top - around) * step), ceil((below + around) * step)
        strip = turn(image.crop((0, first, image.width, min(last, image.height))))
        box = (0, top * step - first, image.width, min(below * step - first, strip.height))
        size = (width, below - top)
        result.paste(strip.resize(size, Image.Resampling.LANCZOS, box), (0, top))
    return result


def into_srgb(image: Image.Image, mode: str) -> Strip:
    """What turns a strip into colours that need no profile to be read."""
    if image.mode.startswith("I;16"):
        return lambda strip: strip.point(lambda value: value * (1 / 256)).convert("L").convert(mode)
    known_in = image.mode if image.mode in ("CMYK", "L") else mode
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
        srgb = ImageCms.createProfile("sRGB")
        out = "RGB" if known_in in ("CMYK", "L") else mode
        transform = ImageCms.buildTransform(profile, srgb, known_in, out)
    except (KeyError, OSError, ImageCms.PyCMSError):
        return lambda strip: strip.convert(mode)
    return lambda strip: transform.apply(strip.convert(known_in)).convert(mode)


def encoded(image: Image.Image, name: str) -> bytes:
    """Nothing but pixels: what else the original carried has been left behind."""
    kind, options = ENCODERS[name.partition(".")[2]]
    out = BytesIO()
    image.convert("RGB" if kind == "JPEG" else image.mode).save(out, kind, **options)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
