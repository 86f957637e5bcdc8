"""The arithmetic of the accent: from a picked colour to its numbers, and contrast as WCAG means it.

Colours travel as oklch (lightness, chroma, hue), because the page fixes the lightness for each
role and lets the owner choose the rest: contrast then holds for every accent.
"""

import math
from typing import NamedTuple

ENOUGH = 4.5  # WCAG 2.2 AA, running text


class Oklch(NamedTuple):
    lightness: float
    chroma: float
    hue: float


def from_hex(code: str) -> Oklch:
    """`#a52a12` as oklch."""
    r, g, b = (_to_linear(int(code[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def fits_screen(colour: Oklch) -> bool:
    """Whether sRGB can show it."""
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in _linear_rgb(colour))


def fitted(colour: Oklch, lightness: float) -> Oklch:
    """The same hue at `lightness`, with as much of the chroma as sRGB can show there."""
    low, high = 0.0, colour.chroma
    if fits_screen(Oklch(lightness, high, colour.hue)):
        return Oklch(lightness, high, colour.hue)
    while high - low > 0.0005:
        middle = (low + high) / 2
        if fits_screen(Oklch(lightness, middle, colour.hue)):
            low = middle
        else:
            high = middle
    return Oklch(lightness, low, colour.hue)


def contrast(one: Oklch, other: Oklch) -> float:
    """WCAG's ratio of two colours, from 1 (alike) to 21 (black on white)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Oklch) -> float:
    r, g, b = (min(1.0, max(0.0, channel)) for channel in _linear_rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _linear_rgb(colour: Oklch) -> tuple[float, float, float]:
    angle = math.radians(colour.hue)
    a, b = colour.chroma * math.cos(angle), colour.chroma * math.sin(angle)
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def to_hex(colour: Oklch) -> str:
    """As screens write it; what they cannot show is cut off."""
    channels = (_from_linear(min(1.0, max(0.0, one))) for one in _linear_rgb(colour))
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def _from_linear(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
