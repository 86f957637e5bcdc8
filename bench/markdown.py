"""How long rendering takes: ordinary texts, and the worst that the limits let through.

    python -m bench.markdown [seed]

prints, in some minutes, the slowest hostile texts, the slowest of 700 random combinations of
them, and those whose time grows fastest with their length.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import suppress

from bench.blog import Environment
from bench.budget import Budget
from blogsite.lib.markdown import Profile
from tests.lib.markdown.hostile import MAKERS, Maker, combinations

CHAPTER = """## A heading about number {0}

It *is* said that "everyone's" harbour has a [mark](https://a.example/{0}) like `this`. {words}

- one thing of a list
- and **another**

{words}{words}
"""
WORDS = "A longer paragraph follows here, as they do in most of the ordinary texts one reads. " * 5
CHAPTER_WORDS = 265
COMBINATIONS = 700
TIMES_AS_LONG = 8
PROFILES: tuple[tuple[Profile, int], ...] = (("post", 200_000), ("comment", 10_000))


def text_of(words: int) -> str:
    chapters = range(round(words / CHAPTER_WORDS))
    return "\n".join(CHAPTER.format(number, words=WORDS) for number in chapters)


def seconds(source: str, profile: Profile = "post", times: int = 1) -> float:
    """Processor time of the best of so many attempts; being refused counts as an answer."""
    from blogsite.lib.markdown import Refused, render

    best = float("inf")
    for _attempt in range(times):
        started = time.thread_time()
        with suppress(Refused):
            render(source, profile, math=True)
        best = min(best, time.thread_time() - started)
    return best


def prepare() -> None:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
    seconds("```python\nx = 1\n```\n\n$a$")  # what is loaded once is not measured
    seconds("```python\nx = 1\n```", "comment")


def measure(blog: Environment) -> Iterator[Budget]:
    prepare()
    thousand, long = text_of(1_000), text_of(20_000)[:100_000]
    yield Budget("rendering 1,000 words", seconds(thousand, times=20) * 1000, "ms", at_most=5)
    yield Budget("rendering 100,000 characters", seconds(long, times=5), "s", at_most=0.5)
    yield Budget("rendering the worst post", slowest(MAKERS, "post", 200_000)[0][0], "s", at_most=1)
    worst = slowest(MAKERS, "comment", 10_000)[0][0] * 1000
    yield Budget("rendering the worst comment", worst, "ms", at_most=100)


def slowest(makers: dict[str, Maker], profile: Profile, length: int) -> list[tuple[float, str]]:
    """The slowest few, measured again: one measurement may have met another process."""
    taken = {name: seconds(make(length)[:length], profile) for name, make in makers.items()}
    few = sorted(taken, key=lambda name: -taken[name])[:8]
    again = [(seconds(makers[name](length)[:length], profile, times=2), name) for name in few]
    return sorted(again, reverse=True)


def fastest_growing(profile: Profile, length: int) -> list[tuple[float, str]]:
    """How many times as long eight times the text takes; n log n would be up to ten."""
    found = []
    for name, make in MAKERS.items():
        few, many = (make(n)[:n] for n in (length // TIMES_AS_LONG, length))
        found.append((seconds(many, profile, times=2) / seconds(few, profile, times=3), name))
    return sorted(found, reverse=True)[:8]


def main() -> None:
    prepare()
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    together = combinations(COMBINATIONS, seed)
    for profile, length in PROFILES:
        print(f"The slowest of {length:,} characters as a {profile}, alone and combined:")
        for makers in (MAKERS, together):
            for taken, name in slowest(makers, profile, length):
                print(f"{taken * 1000:9.1f} ms  {name}", flush=True)
        print(f"What grows fastest from {length // TIMES_AS_LONG:,} characters:")
        for growth, name in fastest_growing(profile, length):
            print(f"{growth:9.1f} ×   {name}", flush=True)


if __name__ == "__main__":
    main()
