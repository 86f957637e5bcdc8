"""What changed between two texts, word by word.

Lines are compared first, then the words inside changed lines, so that a moved comma marks a
comma and not a paragraph. The parts hold both texts whole: `same` and `removed` together
are the old one, `same` and `added` the new.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .align import Budget, Pairs, align, runs
from .text import word_count

Kind = Literal["same", "removed", "added"]
UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # scripts compared by character
WORDS = re.compile(rf"\s+|[{UNSPACED}]|(?:(?![{UNSPACED}])[\w’'-])+|[^\w\s]")
LEAST_IN_COMMON = 0.25  # of the words; with less, lines were replaced rather than changed


@dataclass(frozen=True, slots=True)
class Part:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    parts: tuple[Part, ...]
    words_added: int
    words_removed: int


def compare(old: str, new: str) -> Difference:
    parts = tuple(_joined(part for part in _line_parts(old, new) if part.text))
    added, removed = (
        " ".join(part.text for part in parts if part.kind == kind) for kind in ("added", "removed")
    )
    return Difference(parts, word_count(added), word_count(removed))


def _line_parts(old: str, new: str) -> Iterator[Part]:
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    budget = Budget()
    for gone, come, same in runs(a, b, align(a, b, budget)):
        yield from _word_parts("".join(gone), "".join(come), budget)
        yield Part("same", "".join(same))


def _word_parts(old: str, new: str, budget: Budget) -> Iterator[Part]:
    if not (old or new):
        return
    a, b = WORDS.findall(old), WORDS.findall(new)
    for gone, come, same in runs(a, b, _worth_keeping(a, b, align(a, b, budget))):
        yield Part("removed", "".join(gone))
        yield Part("added", "".join(come))
        yield Part("same", "".join(same))


def _worth_keeping(a: list[str], b: list[str], pairs: Pairs) -> Pairs:
    """Pairs without spaces that stand alone between changes: they only break words up."""
    words = sum(not a[i].isspace() for i, _j in pairs)
    if words < LEAST_IN_COMMON * sum(not word.isspace() for word in max(a, b, key=len)):
        return []
    kept = set(pairs)
    return [
        (i, j)
        for i, j in pairs
        if not a[i].isspace() or "\n" in a[i] or {(i - 1, j - 1), (i + 1, j + 1)} & kept
    ]


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbours of one kind as one part; of a change, what went before what came."""
    for _is_same, group in groupby(parts, lambda part: part.kind == "same"):
        texts: dict[Kind, str] = {"same": "", "removed": "", "added": ""}
        for part in group:
            texts[part.kind] += part.text
        yield from (Part(kind, text) for kind, text in texts.items() if text)


def as_html(difference: Difference) -> SafeString:
    """`ins` and `del`, announced in words to those who do not see them."""
    labels = {"removed": ("del", _("Removed:")), "added": ("ins", _("Added:"))}
    shown = SafeString()
    for part in difference.parts:
        if part.kind == "same":
            shown += escape(part.text)
            continue
        tag, label = labels[part.kind]
        hidden = format_html('<span class="visually-hidden">{} </span>', label)
        shown += format_html("<{}>{}{}</{}>", tag, hidden, part.text, tag)
    return shown
