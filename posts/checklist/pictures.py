"""The cover, and how heavy the pictures are."""

from collections.abc import Iterator

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from blogsite.media.models import Image
from blogsite.site.checklist import Check
from posts.checklist.draft import Draft
from posts.checklist.finding import Finding
from posts.models import Post

HEAVY = 1_000_000  # bytes
HUGE = 40_000_000  # pixels: a browser needs four bytes of memory for each


def cover(draft: Draft) -> Iterator[Finding]:
    if draft.cover is None:
        if draft.kind == Post.Kind.POST:
            yield Finding(Check.COVER, _("There is no cover."), "id_cover")
    elif not (draft.cover.alt or draft.cover.is_decorative):
        told = _("The cover has no description. Describe it, or mark it as decoration.")
        yield Finding(Check.COVER, told, "id_cover")


def weight(draft: Draft) -> Iterator[Finding]:
    if draft.cover and _is_heavy(draft.cover):
        yield Finding(Check.WEIGHT, _words(draft.cover), "id_cover")
    for link, _kind, name in draft.inside:
        image = draft.images.get(name)
        if image and image != draft.cover and _is_heavy(image):
            yield Finding(Check.WEIGHT, _words(image), line=draft.line_of(link.address))


def _is_heavy(image: Image) -> bool:
    return image.bytes > HEAVY or image.width * image.height > HUGE


def _words(image: Image) -> str:
    values = {"name": image, "size": filesizeformat(image.bytes)}
    if image.bytes > HEAVY:
        return _("“%(name)s” weighs %(size)s. A smaller copy will do.") % values
    values |= {"width": image.width, "height": image.height}
    return _("“%(name)s” is %(width)d × %(height)d pixels large. A smaller copy will do.") % values
