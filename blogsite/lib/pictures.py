"""What a page has to know of a picture of ours, and the markup that is made of it.

The browser chooses: a format it can show, and a width that fits the place the picture has.
Until there are smaller copies, it gets the original.
"""

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

#: What old browsers, feed readers and mail show, which do not choose.
FALLBACK_WIDTH = 1280
#: The steps of a colour channel that style sheets have a class for.
COLOUR_STEP = 85
Attributes = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Picture:
    """`variants`: widths by format, the best format first."""

    address: str
    width: int
    height: int
    variants: tuple[tuple[str, tuple[int, ...]], ...] = ()
    #: The one among them that browsers show which know neither AVIF nor WebP.
    plain: str = ""
    #: `#rrggbb`; none for what can be seen through.
    colour: str = ""
    #: What must stay in sight where it is cropped, in percent.
    focus: tuple[int, int] = (50, 50)

    def copy(self, width: int, kind: str) -> str:
        return f"{self.address.rpartition('/')[0]}/{width}.{kind}"

    def widths(self, kind: str, most: int) -> list[int]:
        """Up to the first that is wide enough for `most` pixels."""
        made = dict(self.variants).get(kind, ())
        return [width for n, width in enumerate(made) if not n or made[n - 1] < most]

    def srcset(self, kind: str, most: int) -> str:
        widths = self.widths(kind, most)
        return ", ".join(f"{self.copy(width, kind)} {width}w" for width in widths)

    def fallback(self, most: int) -> str:
        fitting = [width for width in self.widths(self.plain, most) if width <= FALLBACK_WIDTH]
        return self.copy(fitting[-1], self.plain) if fitting else self.address

    @property
    def classes(self) -> str:
        """`r1 g2 b3` for its colour, `fx2` for its focus: the policy allows no style."""
        names = []
        if self.colour:
            channels = bytes.fromhex(self.colour[1:])
            names = [f"{n}{round(v / COLOUR_STEP)}" for n, v in zip("rgb", channels, strict=True)]
        tenths = zip(("fx", "fy"), (round(part / 10) for part in self.focus), strict=True)
        return " ".join(names + [f"{axis}{tenth}" for axis, tenth in tenths if tenth != 5])


def image_attributes(picture: Picture, sizes: str, *, most: int = 0) -> Attributes:
    """Of the `img`. `most` pixels are the widest it is ever shown, 0 is any width."""
    most = most or picture.width
    found: Attributes = {"src": picture.fallback(most)}
    if srcset := picture.srcset(picture.plain, most):
        found |= {"srcset": srcset, "sizes": sizes}
    found |= {"width": picture.width, "height": picture.height, "decoding": "async"}
    return found | ({"class": picture.classes} if picture.classes else {})


def in_picture(image: str, picture: Picture, sizes: str, *, most: int = 0) -> str:
    """The `img` with the formats around it that are better than the plain one."""
    sources = "".join(
        f'<source type="image/{kind}" srcset="{escape(srcset)}" sizes="{escape(sizes)}">'
        for kind, _widths in picture.variants
        if kind != picture.plain and (srcset := picture.srcset(kind, most or picture.width))
    )
    return f"<picture>{sources}{image}</picture>" if sources else image


def markup(picture: Picture, sizes: str, given: Attributes, *, most: int = 0) -> SafeString:
    """The whole element, for templates; `given` are more attributes of the `img`."""
    attributes = image_attributes(picture, sizes, most=most) | given
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    image = in_picture(f"<img{written}>", picture, sizes, most=most)
    return mark_safe(image)  # noqa: S308 -- every value was escaped
