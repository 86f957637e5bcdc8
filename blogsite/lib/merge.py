"""Two texts that grew from one: what is the same, what each changed, and what both did.

Passages are sentences. A passage that only one side changed merges by itself; where both
changed the same one differently, somebody has to choose.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .align import Budget, align

Side = Literal["mine", "theirs", "both"]
SENTENCE = re.compile(r"\n+|[^\n]+?(?:[.!?…。！？][”’\"')\]*_]*(?=\s|$)[^\S\n]?|(?=\n)|$)")


@dataclass(frozen=True, slots=True)
class Passage:
    base: str
    mine: str
    theirs: str

    @property
    def is_same(self) -> bool:
        return self.mine == self.theirs

    @property
    def is_conflict(self) -> bool:
        return self.mine != self.theirs and self.base not in (self.mine, self.theirs)

    @property
    def side(self) -> Side:
        """What is taken unless somebody chooses: the side that changed something, else mine."""
        return "theirs" if self.mine == self.base else "mine"

    def taken(self, side: str) -> str:
        if self.is_same or side == "mine":
            return self.mine
        return self.theirs if side == "theirs" else _after_each_other(self.mine, self.theirs)


def merge(base: str, mine: str, theirs: str) -> list[Passage]:
    """The texts as passages; the `mine` of all together are mine, and so with the others."""
    return list(_joined(_passages(*(SENTENCE.findall(text) for text in (base, mine, theirs)))))


def merged(passages: list[Passage], choices: Mapping[int, str]) -> str:
    """One text, with the side chosen for the passage of that number, or the usual one."""
    return "".join(one.taken(choices.get(n, one.side)) for n, one in enumerate(passages))


def _passages(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Passage]:
    in_mine = dict(align(base, mine, Budget()))
    in_theirs = dict(align(base, theirs, Budget()))
    kept = [n for n in range(len(base)) if n in in_mine and n in in_theirs]
    b = m = t = 0
    for n in [*kept, len(base)]:
        next_m, next_t = in_mine.get(n, len(mine)), in_theirs.get(n, len(theirs))
        yield Passage("".join(base[b:n]), "".join(mine[m:next_m]), "".join(theirs[t:next_t]))
        if n < len(base):
            yield Passage(base[n], base[n], base[n])
        b, m, t = n + 1, next_m + 1, next_t + 1


def _joined(passages: Iterator[Passage]) -> Iterator[Passage]:
    """Without empty ones, and what is the same in one piece."""
    for is_same, group in groupby(passages, lambda one: one.is_same):
        if not is_same:
            yield from group
        elif text := "".join(one.mine for one in group):
            yield Passage(text, text, text)


def _after_each_other(mine: str, theirs: str) -> str:
    """Both, with as much between them as keeps sentences and paragraphs apart."""
    if not mine or not theirs or mine[-1].isspace():
        return mine + theirs
    return f"{mine} {theirs}" if "\n" not in mine + theirs else f"{mine}\n\n{theirs}"
