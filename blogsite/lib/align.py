"""Which elements two sequences have in common, in order, with bounded work.

The elements that occur once on each side hold the sequences together, and what lies between is
compared by itself: where it has no such elements, it keeps as many in common as possible. When the
budget is used up, the rest counts as replaced: coarser, never wrong.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Elements = Sequence[Hashable]
Pairs = list[tuple[int, int]]
#: Comparisons of one element with one, in all and for two sequences at once.
STEPS, AT_ONCE = 2_000_000, 300_000
DEEPEST = 100  # gaps inside gaps; Python stops at about three hundred


@dataclass
class Budget:
    left: int = STEPS
    depth: int = 0


def align(a: Elements, b: Elements, budget: Budget) -> Pairs:
    """Pairs of positions (in a, in b) that hold the same element, both increasing."""
    start = _common_start(a, b)
    end = _common_start(a[start:][::-1], b[start:][::-1])
    middle = _middle(a[start : len(a) - end], b[start : len(b) - end], budget)
    return (
        [(i, i) for i in range(start)]
        + [(i + start, j + start) for i, j in middle]
        + [(len(a) - i, len(b) - i) for i in range(end, 0, -1)]
    )


def runs(a: Any, b: Any, pairs: Pairs) -> Iterator[tuple[Any, Any, Any]]:
    """What each side has before a common element, and that element; at the end there is none."""
    i = j = 0
    for next_i, next_j in [*pairs, (len(a), len(b))]:
        yield a[i:next_i], b[j:next_j], a[next_i : next_i + 1]
        i, j = next_i + 1, next_j + 1


def _common_start(a: Elements, b: Elements) -> int:
    pairs = enumerate(zip(a, b, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(a), len(b)))


def _middle(a: Elements, b: Elements, budget: Budget) -> Pairs:
    budget.left -= len(a) + len(b)
    if not (a and b) or budget.left < 0:
        return []
    if budget.depth < DEEPEST and (anchors := _anchors(a, b)):
        return _between(anchors, a, b, budget)
    steps = len(a) * len(b)
    if steps > min(AT_ONCE, budget.left):
        return []
    budget.left -= steps
    return _longest_common(a, b)


def _longest_common(a: Elements, b: Elements) -> Pairs:
    longest = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in reversed(range(len(a))):
        row, below = longest[i], longest[i + 1]
        for j in reversed(range(len(b))):
            row[j] = below[j + 1] + 1 if a[i] == b[j] else max(below[j], row[j + 1])
    pairs: Pairs = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _between(anchors: Pairs, a: Elements, b: Elements, budget: Budget) -> Pairs:
    pairs: Pairs = []
    i = j = 0
    budget.depth += 1
    for next_i, next_j in [*anchors, (len(a), len(b))]:
        gap = align(a[i:next_i], b[j:next_j], budget)
        pairs += [*((i + x, j + y) for x, y in gap), (next_i, next_j)]
        i, j = next_i + 1, next_j + 1
    budget.depth -= 1
    return pairs[:-1]


def _anchors(a: Elements, b: Elements) -> Pairs:
    """Elements that occur once on each side, as many as keep their order (patience sorting)."""
    in_a, in_b = Counter(a), Counter(b)
    place = {element: j for j, element in enumerate(b)}
    tops: list[int] = []
    chains: list[Any] = []
    for i, element in enumerate(a):
        if in_a[element] == in_b[element] == 1:
            j = place[element]
            pile = bisect_left(tops, j)
            tops[pile : pile + 1] = [j]
            chains[pile : pile + 1] = [((i, j), chains[pile - 1] if pile else None)]
    found: Pairs = []
    chain = chains[-1] if chains else None
    while chain:
        pair, chain = chain
        found.append(pair)
    return found[::-1]
