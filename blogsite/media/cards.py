"""Pictures for sharing, 1200 × 630: a cover around what matters in it, or words set in type.

The name of a card is made from all that stands on it, so a card that is there is never wrong,
and what is not there can be made again at any time.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from blogsite.media import programs
from blogsite.media.models import Image
from blogsite.media.storing import write

#: Moves every card when the drawing changes.
LOOK = 1
#: A narrower cover would be blown up: then words look better.
LEAST_WIDTH = 600
WIDE_ENOUGH = 1200


@dataclass(frozen=True)
class Words:
    title: str
    author: str
    site: str
    accent: str
    paper: str
    ink: str
    muted: str
    typeface: str


@dataclass(frozen=True)
class Card:
    #: Whose card it is: nobody shares a file with somebody else.
    owner: str
    words: Words
    cover: Image | None = None

    @property
    def name(self) -> str:
        """In the storage, beside the uploads."""
        cover = self.cover
        shown = [cover.sha256, cover.focal_x, cover.focal_y] if cover else [asdict(self.words)]
        said = json.dumps([LOOK, self.owner, shown], sort_keys=True)
        return f"{sha256(said.encode()).hexdigest()[:32]}/card.{'jpg' if cover else 'png'}"


def draw(card: Card) -> str:
    """Store the card unless it is there; its name. Slow: it is for a task."""
    if default_storage.exists(card.name):
        return card.name
    card, data = drawn(card)
    write(card.name, ContentFile(data))
    return card.name


def drawn(card: Card) -> tuple[Card, bytes]:
    """The card and its bytes. A cover that is too small or cannot be opened gives way to words."""
    if card.cover and card.cover.width >= LEAST_WIDTH:
        with suppress(programs.Impossible):
            return card, _drawn(card)
    card = replace(card, cover=None)
    return card, _drawn(card)


def _drawn(card: Card) -> bytes:
    cover, focus, stored = card.cover, [], ""
    if cover:
        focus = [cover.focal_x / 100, cover.focal_y / 100]
        # The smallest copy that is large enough, else the original.
        made = [width for width in cover.variants.get("webp", ()) if width >= WIDE_ENOUGH]
        stored = f"{cover.folder}/{min(made)}.webp" if made else cover.name
    said = json.dumps(asdict(card.words) | {"focus": focus})
    return programs.run("drawing.py", said, stored=stored)
