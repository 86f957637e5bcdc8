"""`{wide}` or `{width=600 left}` after a picture or in a table's caption."""

import re
from dataclasses import dataclass

GROUP = re.compile(r"[ \t]*\{([^{}\n]{1,100})\}")
PLACES = {"wide", "left", "right"}
SIZES = {"width", "height"}


@dataclass(frozen=True, slots=True)
class Attributes:
    place: str = ""
    width: str = ""
    height: str = ""


def take(text: str) -> tuple[Attributes, int] | None:
    """The attributes at the beginning of the text and their length; None if there are none.

    A group with a word we do not know is left as text.
    """
    group = GROUP.match(text)
    if not group:
        return None
    found: dict[str, str] = {}
    for word in group[1].split():
        name, _equals, value = word.lstrip(".").partition("=")
        value = value.strip("\"'").removesuffix("px")
        if name in PLACES and not value:
            found["place"] = name
        elif name in ("width", "position", "align") and value in PLACES:
            found["place"] = value
        elif name in SIZES and value.isascii() and value.isdecimal() and 0 < len(value) < 6:
            found[name] = value
        else:
            return None
    return Attributes(**found), group.end()
