"""A sheet of paper to draw lines on; the result is a small, crisp picture."""

from collections.abc import Iterable
from io import BytesIO
from math import cos, radians, sin

Point = tuple[float, float]

INK = "#1f2a33"
NIGHT = "#172026"
SEA = "#24424d"
CHALK = "#e6dccb"
CREAM = "#f4efe4"
RED = "#b8432a"
OCHRE = "#c9974a"

#: Drawn at twice the size and made smaller: that is what makes the edges smooth.
OVERSIZE = 2
COLOURS = 16


class Sheet:
    def __init__(self, paper: str, width: int = 1600, height: int = 1000) -> None:
        from PIL import Image, ImageDraw

        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * OVERSIZE, height * OVERSIZE), paper)
        self._pen = ImageDraw.Draw(self._image)

    def line(self, points: Iterable[Point], colour: str, width: float) -> None:
        self._pen.line(_larger(points), colour, round(width * OVERSIZE), joint="curve")

    def polygon(
        self, points: Iterable[Point], colour: str, edge: str | None = None, width: float = 0
    ) -> None:
        self._pen.polygon(_larger(points), colour, edge, round(width * OVERSIZE))

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        corners = _larger([(x, y), (x + width, y + height)])
        # Pillow counts the last pixel in.
        self._pen.rectangle((corners[0], (corners[1][0] - 1, corners[1][1] - 1)), colour)

    def disc(self, centre: Point, radius: float, colour: str, edge: float = 0) -> None:
        """With an edge only that is drawn: a ring."""
        fill, outline = (None, colour) if edge else (colour, None)
        size = round(edge * OVERSIZE) or 1
        self._pen.circle(_larger([centre])[0], radius * OVERSIZE, fill, outline, size)

    def png(self) -> bytes:
        """A picture of few colours: a fraction of what a photograph weighs."""
        from PIL import Image

        small = self._image.reduce(OVERSIZE)
        flat = small.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        out = BytesIO()
        flat.save(out, "PNG")
        return out.getvalue()


def turned(points: Iterable[Point], degrees: float, around: Point) -> list[Point]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    moved = ((x - around[0], y - around[1]) for x, y in points)
    return [(around[0] + x * c - y * s, around[1] + x * s + y * c) for x, y in moved]


def on_circle(centre: Point, radius: float, degrees: float) -> Point:
    """Clockwise from the top, as on a clock."""
    turn = radians(degrees - 90)
    return centre[0] + radius * cos(turn), centre[1] + radius * sin(turn)


def _larger(points: Iterable[Point]) -> list[Point]:
    return [(x * OVERSIZE, y * OVERSIZE) for x, y in points]
