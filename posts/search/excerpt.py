"""The place in a text where the words stand that were asked for."""

from collections.abc import Collection

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from blogsite.lib.words import WORD, forms

LENGTH, BEFORE = 180, 40
#: A long text is looked through so far, and after so many of the words no further.
LONGEST, MOST = 100_000, 60

Place = tuple[int, int, str]


def excerpt(text: str, wanted: Collection[str], language: str) -> SafeString:
    """About two lines with the words marked, nothing where none of them stands. The text is
    escaped here, and the marks are ours."""
    text = " ".join(text[:LONGEST].split())
    places = _places(text, frozenset(wanted), language)
    if not places:
        return SafeString("")
    start, end = _window(text, places)
    made, at = ["… " if start else ""], start
    for begins, ends, _word in places:
        if start <= begins and ends <= end:
            made += [escape(text[at:begins]), f"<mark>{escape(text[begins:ends])}</mark>"]
            at = ends
    made += [escape(text[at:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(made))  # noqa: S308 -- every part is escaped above


def _places(text: str, wanted: frozenset[str], language: str) -> list[Place]:
    found: list[Place] = []
    for word in WORD.finditer(text):
        if known := wanted.intersection(forms(word[0], language)):
            begins, ends = word.span()
            if found and found[-1][1] == begins:  # in scripts without spaces: one word to the eye
                begins = found.pop()[0]
            found.append((begins, ends, min(known)))
            if len(found) == MOST:
                break
    return found


def _window(text: str, places: list[Place]) -> tuple[int, int]:
    """Where most of the words stand together, cut between words."""

    def together(begins: int) -> int:
        return len({word for at, end, word in places if begins <= at and end <= begins + LENGTH})

    best = max(places, key=lambda place: (together(place[0] - BEFORE), -place[0]))
    start = max(0, best[0] - BEFORE)
    if start:
        start = text.rfind(" ", start, best[0]) + 1 or start
        start = text.find(" ", best[0] - BEFORE, best[0]) + 1 or start
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", best[1], end), best[1])
    return start, end
