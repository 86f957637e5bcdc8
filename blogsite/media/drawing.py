"""Draws one picture for sharing, 1200 × 630: a program of its own, run by `cards`, `bounded`.

    python -I bounded.py drawing.py '{"title": …}' < cover > card

With a cover on its standard input it crops that to what matters; without one it sets the title
in type. Letters that no font of this machine has are no boxes: then there are no words at all.
"""

import json
import sys
import unicodedata
from functools import cache
from io import BytesIO
from typing import Any

from PIL import AvifImagePlugin, Image, ImageDraw, ImageFont, ImageOps, WebPImagePlugin, features  # noqa: F401

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 90
ROOM = WIDTH - 2 * MARGIN
TITLE_SIZES = range(92, 43, -6)
TITLE_HEIGHT = 330
MOST_LINES = 4
#: The first that is there and has every letter is taken; the system knows where they lie.
FONTS = {
    "serif": ("DejaVuSerif-Bold.ttf", "NotoSerif-Bold.ttf", "LiberationSerif-Bold.ttf"),
    "sans": ("Inter-SemiBold.otf", "DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf"),
    "mono": ("DejaVuSansMono-Bold.ttf", "LiberationMono-Bold.ttf", "Menlo.ttc"),
}
FOR_OTHER_LETTERS = ("DejaVuSans-Bold.ttf", "Arial Bold.ttf", "NotoSansCJK-Bold.ttc")
NOBODYS_LETTER = "\U0010fffe"
WRITTEN_FROM_THE_RIGHT = {"R", "AL", "AN"}

Font = ImageFont.FreeTypeFont


def cropped(cover: bytes, focus: list[int]) -> bytes:
    """The cover around what matters in it, without anything but its pixels."""
    image = Image.open(BytesIO(cover), formats=["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
    image.draft("RGB", (WIDTH, HEIGHT))
    ImageOps.exif_transpose(image, in_place=True)
    image.thumbnail((WIDTH * 2, HEIGHT * 4))
    clear = image.convert("RGBA")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(clear, mask=clear)
    placed = ImageOps.fit(flat, SIZE, Image.Resampling.LANCZOS, centering=(focus[0], focus[1]))
    return encoded(placed, "JPEG", quality=82, optimize=True, progressive=True)


def typeset(card: dict[str, Any]) -> bytes:
    """The site above, the title as large as it fits, the author below; a stroke of the accent."""
    sheet = Image.new("RGB", SIZE, card["paper"])
    draw = ImageDraw.Draw(sheet)
    kinds = map(unicodedata.bidirectional, card["title"])
    from_right = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"
    edge, anchor = (WIDTH - MARGIN, "r") if from_right else (MARGIN, "l")
    draw.rectangle((0, 0, WIDTH, 14), fill=card["accent"])
    fonts = FONTS[card["typeface"]]

    def small(middle: int, words: str, ink: str) -> None:
        if font := font_for(words, fonts, 34):
            draw.text((edge, middle), shortened(words, font), ink, font, anchor + "m")

    title = fitted(spoken(card["title"]), fonts)
    if title:
        small(MARGIN, card["site"], card["accent"])
    if large := title or fitted(spoken(card["site"]), fonts):
        font, lines = large
        step = round(font.size * 1.22)
        top = MARGIN + 70 + (TITLE_HEIGHT - step * len(lines)) // 2
        for number, line in enumerate(lines):
            draw.text((edge, top + number * step), line, card["ink"], font, anchor + "a")
    small(HEIGHT - MARGIN, card["author"], card["muted"])
    return encoded(sheet.quantize(64), "PNG", optimize=True)


def fitted(title: str, fonts: tuple[str, ...]) -> tuple[Font, list[str]] | None:
    """The largest letters with which the title keeps to its lines; a very long one is cut."""
    found = None
    for size in TITLE_SIZES:
        if (font := font_for(title, fonts, size)) is None:
            return None
        lines = broken(title, font)
        if len(lines) <= MOST_LINES and len(lines) * size * 1.22 <= TITLE_HEIGHT:
            return font, lines
        kept = [*lines[: MOST_LINES - 1], shortened(f"{' '.join(lines[MOST_LINES - 1 :])}…", font)]
        found = font, kept
    return found


def broken(words: str, font: Font) -> list[str]:
    """Into lines, between words; inside them only where one alone is too long."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= ROOM:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and font.getlength(lines[-1] + letter) > ROOM:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def shortened(words: str, font: Font) -> str:
    if font.getlength(words) <= ROOM:
        return words
    words = words.removesuffix("…")
    while words and font.getlength(f"{words}…") > ROOM:
        words = words[:-1].rstrip()
    return f"{words}…"


# -- letters -------------------------------------------------------------------------------------


def font_for(words: str, names: tuple[str, ...], size: int) -> Font | None:
    """None where words would come out as boxes, or their letters side by side that belong
    together."""
    if not words.strip() or (needs_shaping(words) and not features.check_feature("raqm")):
        return None
    for name in (*names, *FOR_OTHER_LETTERS, ""):
        font = loaded(name, size)
        if font and not missing(words, name):
            return font
    return None


@cache
def loaded(name: str, size: int) -> Font | None:
    try:
        font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None
    return font if isinstance(font, Font) else None


@cache
def missing(words: str, name: str) -> bool:
    font = loaded(name, 40)
    if font is None:
        return True
    box = bytes(font.getmask(NOBODYS_LETTER))
    return any(bytes(font.getmask(letter)) == box for letter in set(words) if not letter.isspace())


def spoken(words: str) -> str:
    """Without little pictures: few fonts have them, and the words say enough."""
    kept = (letter for letter in words if unicodedata.category(letter) not in ("So", "Cs", "Co"))
    return " ".join("".join(kept).replace("\ufe0f", "").split())


def needs_shaping(words: str) -> bool:
    return any(
        unicodedata.bidirectional(letter) in WRITTEN_FROM_THE_RIGHT
        or unicodedata.category(letter) in ("Mn", "Mc", "Cf")
        for letter in words
    )


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


if __name__ == "__main__":
    card, cover = json.loads(sys.argv[1]), sys.stdin.buffer.read()
    sys.stdout.buffer.write(cropped(cover, card["focus"]) if cover else typeset(card))
