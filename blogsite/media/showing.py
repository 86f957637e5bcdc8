"""Which picture an address of ours means, and what pages have to know of it."""

import re

from django.urls import reverse

from blogsite.lib.pictures import Picture
from blogsite.media.models import FormerName, Image

_NAME = r"/media/([0-9a-f]{32}/[A-Za-z0-9][A-Za-z0-9._-]{0,150})"
NAMED = re.compile(_NAME)
#: With or without the prefix this site runs under; never another site's.
OURS = re.compile(rf"(?:/(?!/)[^?#:]*)?{_NAME}(?:[?#].*)?")
#: The best first; what every browser shows last.
FORMATS = ("avif", "webp", "jpg", "png")


def facts(image: Image) -> Picture:
    made = [kind for kind in FORMATS if image.variants.get(kind)]
    return Picture(
        image.url,
        image.width,
        image.height,
        tuple((kind, tuple(image.variants[kind])) for kind in made),
        plain=next((kind for kind in made if kind in FORMATS[2:]), ""),
        colour=image.colour,
        focus=(image.focal_x, image.focal_y),
    )


def facts_in(text: str) -> dict[str, Picture]:
    """Of the pictures of ours that a text names, by their names. A text without asks nobody."""
    if not (wanted := set(NAMED.findall(text))):
        return {}
    found = {image.name: image for image in Image.objects.filter(name__in=wanted)}
    former = FormerName.objects.filter(name__in=wanted - found.keys()).select_related("image")
    found |= {row.name: row.image for row in former}
    return {name: facts(image) for name, image in found.items()}


def name_in(address: str) -> str | None:
    match = OURS.fullmatch(address)
    return match[1] if match else None


def replacement(name: str) -> str:
    """Where the picture is that is shown instead of what was stored so, or its copy as wide."""
    folder, _slash, inside = name.partition("/")
    formers = FormerName.objects.filter(name__startswith=f"{folder}/").select_related("image")
    images = {former.name: former.image for former in formers}
    width, _dot, kind = inside.partition(".")
    is_copy = bool(images) and width.isdigit()
    # Unless somebody has uploaded the same again, and they are that one's.
    if is_copy and not Image.objects.filter(name__startswith=f"{folder}/").exists():
        image = next(iter(images.values()))
        is_made = int(width) in image.variants.get(kind, ())
        return reverse("media:serve", args=[image.folder, inside]) if is_made else image.url
    return images[name].url if name in images else ""
