"""Smaller copies of pictures, beside the original under names of digits: `<hash>/640.avif`.

What is there is not made again, and a copy counts only when the row names it, which it does when
all of them are stored. So a killed process leaves nothing broken, and a repeated run goes on.
"""

from collections.abc import Iterator
from io import BytesIO
from math import isqrt

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from blogsite.media import leaving, programs
from blogsite.media.models import Image
from blogsite.media.signals import tell
from blogsite.media.storing import names_in, write
from blogsite.pagecache import touch
from blogsite.site.models import SiteSettings

#: What pages are laid out for, from a telephone to a wide cover.
WIDTHS = (320, 640, 960, 1280, 1920)
#: An encoder needs 30 bytes for each pixel.
MOST_PIXELS = 3_000_000
#: What is so tall that no copy may be wider than this stays as it is.
LEAST_FULL_WIDTH = 960
#: Two widths nearer than this are one.
STEP = 1.2


def make_variants_of(name: str) -> None:
    """Make what is missing of the copies of the picture that is stored under this name.

    In order: the files; the row; the texts that show it are told, also by a repeated run, since
    the first may have died before. A picture that was deleted or replaced meanwhile takes what
    was made along. Slow: it is for a task.
    """
    if image := Image.objects.filter(name=name).first():
        there = names_in(image.folder)
        if not _is_finished(image, there):
            try:
                image.variants = _made(image, there)
            except programs.TooLarge:
                Image.objects.filter(pk=image.pk, name=name).update(variants=Image.TOO_LARGE)
                raise
            Image.objects.filter(pk=image.pk, name=name).update(variants=image.variants)
            _drop_unnamed(image)
    if image and Image.objects.filter(pk=image.pk, name=name).exists():
        tell(image)
        site = SiteSettings.current()
        if image.pk in (site.logo_id, site.icon_id):
            touch("site")
    else:
        leaving.note(name)
        leaving.remove_folders()


def widths_of(width: int, height: int) -> list[int]:
    """The widths to make. The last is as wide as anybody is shown: nobody gets a blurred one."""
    full = min(width, WIDTHS[-1], isqrt(MOST_PIXELS * width // height))
    if width < WIDTHS[0] or full < min(width, LEAST_FULL_WIDTH):
        return []
    return [*(smaller for smaller in WIDTHS if smaller * STEP < full), full]


def _formats(image: Image) -> list[str]:
    """The best first; last what every browser ever made can show."""
    own = image.name.rpartition(".")[2]
    return ["avif", "webp", *({own} & {"jpg", "png"})]


def _is_finished(image: Image, there: set[str]) -> bool:
    kept = {f"{width}.{kind}" for kind, made in image.variants.items() for width in made}
    return bool(image.variants) and not image.is_too_large and kept <= there


def _made(image: Image, there: set[str]) -> dict[str, list[int]]:
    """Make and store what is not there, and keep what is worth being named."""
    widths, formats = widths_of(image.width, image.height), _formats(image)
    wanted = [f"{width}.{kind}" for kind in formats for width in widths]
    sizes = {n: default_storage.size(f"{image.folder}/{n}") for n in wanted if n in there}
    if missing := [name for name in wanted if name not in there]:
        for name, data in _copies(image, missing):
            write(f"{image.folder}/{name}", ContentFile(data))
            sizes[name] = len(data)
    kept = set(_worth_naming(image, sizes))
    return {kind: widths if kind in kept else [] for kind in formats}


def _worth_naming(image: Image, sizes: dict[str, int]) -> Iterator[str]:
    """Formats that save something against the original, and against what more browsers show."""
    least: float = image.bytes * len(sizes)
    for kind in reversed(_formats(image)):
        mine = [size for name, size in sizes.items() if name.endswith(kind)]
        if mine and sum(mine) < least and max(mine) < image.bytes:
            least = sum(mine)
            yield kind


def _drop_unnamed(image: Image) -> None:
    for kind in [kind for kind, kept in image.variants.items() if not kept]:
        for width in widths_of(image.width, image.height):
            default_storage.delete(f"{image.folder}/{width}.{kind}")


def _copies(image: Image, names: list[str]) -> Iterator[tuple[str, bytes]]:
    written = BytesIO(programs.run("shrinking.py", *names, stored=image.name))
    while header := written.readline():
        name, length = header.split()
        yield name.decode(), written.read(int(length))
