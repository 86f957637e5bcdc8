"""How much work one text may cause.

Time limits would make the same text pass on a fast machine and fail on a slow one, so
work is counted instead, in steps of at most ten microseconds: every attempt of the parser to
start a construct costs some, so does every piece it makes, and what multiplies (table cells,
repeated notes, long addresses used again and again).
"""

from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from . import Refused


@dataclass(frozen=True, slots=True)
class Limits:
    characters: int
    steps: int
    nesting: int
    # Colour for code ends after so many words and marks, or so much time for them: no text
    # is refused for it, and none is shown in other words on a slow machine.
    code_pieces: int
    code_seconds: float


LIMITS = {
    "post": Limits(200_000, 50_000, nesting=30, code_pieces=15_000, code_seconds=0.2),
    "comment": Limits(10_000, 5_500, nesting=20, code_pieces=2_000, code_seconds=0.025),
}


def check_length(source: str, limits: Limits) -> None:
    if len(source) > limits.characters:
        message = _(
            "The text has {count} characters and {limit} is the most that fits. "
            "Nothing is lost: shorten it or split it in two."
        )
        raise Refused(format_lazy(message, count=len(source), limit=limits.characters))


class Work:
    """Counts steps and refuses politely when there are too many.

    Refusals are put into words when they are read: in the language of the person who
    writes, while the language of the text may be active here.
    """

    __slots__ = ("left", "nesting", "tokens")

    def __init__(self, limits: Limits) -> None:
        self.left = limits.steps
        self.nesting = limits.nesting
        self.tokens = 0

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            message = _(
                "The text repeats so many marks (such as * [ | >) that showing it would "
                "take too long. Nothing is lost: use fewer of them or split the text."
            )
            raise Refused(message)

    def count_tokens(self, so_far: int) -> None:
        """Every later step goes through each of them."""
        self.spend(so_far - self.tokens)
        self.tokens = so_far

    def check_depth(self, level: int) -> None:
        if level > self.nesting:
            message = _(
                "Lists, quotes or other marks stand inside each other more than {limit} deep. "
                "Nothing is lost: bring them nearer to the margin."
            )
            raise Refused(format_lazy(message, limit=self.nesting))
