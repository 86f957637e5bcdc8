"""A sheet of paper to draw lines on; the result is a small, crisp picture."""

from collections.abc import Iterable
from io import BytesIO
from math import cos, radians, sin

Point = tuple[float, float]

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

    def polygon(self, points: Iterable[Point], colour: str) -> None:
        self._pen.polygon(_larger(points), colour)

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


def on_circle(centre: Point, radius: float, degrees: float) -> Point:
    """Clockwise from the top, as on a clock."""
    turn = radians(degrees - 90)
    return centre[0] + radius * cos(turn), centre[1] + radius * sin(turn)


def _larger(points: Iterable[Point]) -> list[Point]:
    return [(x * OVERSIZE, y * OVERSIZE) for x, y in points]
