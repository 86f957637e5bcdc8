"""Which picture an address of ours means, and what pages have to know of it."""

import re

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
    return {name: facts(image) for name, image in _named(set(NAMED.findall(text))).items()}


def name_in(address: str) -> str | None:
    match = OURS.fullmatch(address)
    return match[1] if match else None


def replacement(name: str) -> Image | None:
    """The picture that is shown instead of what was stored so, or instead of a copy of it."""
    folder = name.partition("/")[0]
    formers = FormerName.objects.filter(name__startswith=f"{folder}/").select_related("image")
    images = {former.name: former.image for former in formers}
    if name in images or not images:
        return images.get(name)
    # Its copies; unless somebody has uploaded the same again, and they are that one's.
    is_here = Image.objects.filter(name__startswith=f"{folder}/").exists()
    return None if is_here else next(iter(images.values()))


def _named(wanted: set[str]) -> dict[str, Image]:
    """By the names they have, or had; two queries at most."""
    if not wanted:
        return {}
    found = {image.name: image for image in Image.objects.filter(name__in=wanted)}
    if missing := wanted - found.keys():
        former = FormerName.objects.filter(name__in=missing).select_related("image")
        found |= {row.name: row.image for row in former}
    return found
