"""Which elements two sequences have in common, in order, with bounded work.

The shortest edit script (Myers' greedy search) where the sequences are alike; where they
differ too much for it, the elements that occur once on each side hold them together, and
what lies between is compared by itself. When the budget is used up, the rest counts as
replaced: coarser, never wrong.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence

Pairs = list[tuple[int, int]]
STEPS = 400_000


class _TooDifferent(Exception):
    pass


class Budget:
    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps


def align(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget) -> Pairs:
    """Pairs of positions (in a, in b) that hold the same element, both increasing."""
    start = _common_start(a, b)
    end = _common_start(a[start:][::-1], b[start:][::-1])
    middle = _middle(a[start : len(a) - end], b[start : len(b) - end], budget)
    return (
        [(i, i) for i in range(start)]
        + [(i + start, j + start) for i, j in middle]
        + [(len(a) - i, len(b) - i) for i in range(end, 0, -1)]
    )


def _common_start(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    for position, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return position
    return min(len(a), len(b))


def _middle(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget) -> Pairs:
    if not a or not b:
        return []
    try:
        return _shortest(a, b, budget, most=max(1_000, budget.left // 4))
    except _TooDifferent:
        return _between_anchors(a, b, budget)


def _shortest(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget, most: int) -> Pairs:
    """Walk along ever more edits until one way reaches both ends."""
    reached = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(len(a) + len(b) + 1):
        trace.append(dict(reached))
        for diagonal in range(-edits, edits + 1, 2):
            x = begin = _next(reached, diagonal, edits)
            while x < len(a) and 0 <= x - diagonal < len(b) and a[x] == b[x - diagonal]:
                x += 1
            reached[diagonal] = x
            budget.left -= x - begin + 1
            most -= x - begin + 1
            if x >= len(a) and x - diagonal >= len(b):
                return _way_back(trace, len(a), len(b))
        if most < 0 or budget.left < 0:
            raise _TooDifferent
    return []


def _next(reached: dict[int, int], diagonal: int, edits: int) -> int:
    below, above = reached.get(diagonal - 1, -1), reached.get(diagonal + 1, -1)
    if diagonal == -edits or (diagonal != edits and below < above):
        return above
    return below + 1


def _way_back(trace: list[dict[int, int]], x: int, y: int) -> Pairs:
    pairs: Pairs = []
    for edits in range(len(trace) - 1, -1, -1):
        reached, diagonal = trace[edits], x - y
        came_from = _next(reached, diagonal, edits)
        down = diagonal == -edits or (
            diagonal != edits and reached.get(diagonal - 1, -1) < reached.get(diagonal + 1, -1)
        )
        while x > came_from and edits + 1:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = (x, y - 1) if down else (x - 1, y)
    return pairs[::-1]


def _between_anchors(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget) -> Pairs:
    anchors = _anchors(a, b)
    if not anchors or budget.left < 0:
        return []
    pairs: Pairs = []
    i = j = 0
    for next_i, next_j in [*anchors, (len(a), len(b))]:
        gap = align(a[i:next_i], b[j:next_j], budget)
        pairs += [(i + x, j + y) for x, y in gap]
        if next_i < len(a):
            pairs.append((next_i, next_j))
        i, j = next_i + 1, next_j + 1
    return pairs


def _anchors(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Elements that occur once on each side, as many as keep their order."""
    counts = (Counter(a), Counter(b))
    place = {element: j for j, element in enumerate(b)}
    common = [
        (i, place[element])
        for i, element in enumerate(a)
        if counts[0][element] == counts[1].get(element, 0) == 1
    ]
    return _longest_increasing(common)


def _longest_increasing(pairs: Pairs) -> Pairs:
    """The longest run of pairs whose second numbers increase (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_i, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        tops[pile : pile + 1] = [j]
        ends[pile : pile + 1] = [index]
        before.append(ends[pile - 1] if pile else -1)
    run: Pairs = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]
