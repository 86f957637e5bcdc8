"""Pictures for sharing: a cover around what matters, or words; never boxes, never a crash."""

from dataclasses import replace
from io import BytesIO

import PIL.Image
import PIL.ImageChops
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from blogsite.media import cards, drawing
from blogsite.media.services import store_image
from tests.media import pictures

WORDS = cards.Words(
    title="Forty lines for the tide",
    author="Ines Ferreira",
    site="Low Water",
    accent="#af2d18",
    paper="#fdfaf5",
    ink="#26221c",
    muted="#6b6255",
    typeface="serif",
)
CARD = cards.Card("post 1", WORDS)
PAPER = (253, 250, 245)


def opened(name: str) -> PIL.Image.Image:
    with default_storage.open(name) as file:
        picture = PIL.Image.open(BytesIO(file.read()))
    assert picture.size == (1200, 630)
    return picture


def inked(picture: PIL.Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many points of a part are not paper."""
    part = picture.convert("RGB").crop(box)
    near = PIL.Image.new("RGB", part.size, PAPER)
    return sum(PIL.ImageChops.difference(part, near).convert("L").histogram()[24:])


TITLE = (90, 150, 1110, 480)


def test_words_are_set_in_type(db):
    name = cards.draw(CARD)
    assert name == CARD.name
    assert name.endswith("/card.png")
    card = opened(name)
    assert card.getpixel((600, 5)) != card.getpixel((600, 60))
    assert inked(card, TITLE) > 5_000
    assert default_storage.size(name) < 60_000


def test_a_cover_is_cropped_around_what_matters(people):
    tall = PIL.Image.new("RGB", (700, 1400), "white")
    tall.paste("red", (0, 0, 700, 300))
    out = BytesIO()
    tall.save(out, "JPEG")
    image = store_image(ContentFile(out.getvalue(), "tall.jpg"), by=people["Author"])
    image.focal_y = 0
    above = opened(cards.draw(replace(CARD, cover=image)))
    image.focal_y = 100
    below = opened(cards.draw(replace(CARD, cover=image)))
    assert above.format == below.format == "JPEG"
    assert above.getpixel((600, 50))[1] < 60
    assert below.getpixel((600, 50))[1] > 200
    assert "exif" not in above.info


@pytest.mark.parametrize("kind", ["small", "broken"])
def test_without_a_cover_that_serves_there_are_words(people, kind):
    size = (300, 200) if kind == "small" else (1300, 800)
    image = store_image(ContentFile(pictures.jpeg(size), "a.jpg"), by=people["Author"])
    if kind != "small":
        default_storage.delete(image.name)
        default_storage.save(image.name, ContentFile(b"no picture at all"))
    assert cards.draw(replace(CARD, cover=image)) == CARD.name
    assert opened(CARD.name).format == "PNG"


def test_what_stands_on_it_makes_the_name(db):
    names = {
        card.name
        for card in (
            CARD,
            replace(CARD, owner="post 2"),
            replace(CARD, words=replace(WORDS, title="Another")),
            replace(CARD, words=replace(WORDS, accent="#00ff00")),
        )
    }
    assert len(names) == 4
    assert cards.draw(CARD) == cards.draw(CARD)
    assert len(default_storage.listdir(CARD.name.partition("/")[0])[1]) == 1


@pytest.mark.parametrize(
    "title",
    ["\U00013080" * 4, "x\U000e0041y"],
    ids=["hieroglyphs", "tags"],
)
def test_letters_that_no_font_has_are_no_boxes(title, monkeypatch):
    """Only Pillow's own font is there: what it lacks is left out, and the site's name is large."""
    monkeypatch.setattr(drawing, "FONTS", {"serif": ()})
    monkeypatch.setattr(drawing, "FOR_OTHER_LETTERS", ())
    card = {**vars(WORDS), "title": title}
    alone = {**card, "title": ""}
    assert drawing.typeset(card) == drawing.typeset(alone)
    assert drawing.font_for(title, (), 40) is None


def test_a_font_without_an_accent_is_not_taken(monkeypatch):
    monkeypatch.setattr(drawing, "FOR_OTHER_LETTERS", ())
    assert drawing.font_for("Plain words", (), 40) is not None
    assert drawing.font_for("Öl, Käse, Straße", (), 40) is None


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "a" * 200,
        "Wörter " * 28,
        "🌊🌊",
        "\u202eabc",
        "a\nb\x00c",
        "مرحبا بالعالم",
        "日本語",
    ],
)
def test_any_title_makes_a_card(title):
    card = PIL.Image.open(BytesIO(drawing.typeset({**vars(WORDS), "title": title})))
    assert card.size == (1200, 630)
    # Nothing runs over the edge.
    assert inked(card, (1130, 40, 1200, 630)) == 0
    assert inked(card, (0, 40, 70, 630)) == 0
