"""Which posts a dead address may have meant, judged by the words in it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils import timezone

from blogsite.prepared import Prepared
from posts.models import Post
from posts.slugs import address

MOST = 3
#: A reader's mistake is looked for among so many addresses before and after it in the alphabet,
#: and among so many of the newest posts.
NEIGHBOURS, NEWEST = 8, 200
#: Words are known by their beginnings, so that a slip or an ending does not hide them.
BEGINNINGS = re.compile(r"(?<![^\W_])[^\W_]{1,4}")
WORDS = re.compile(r"[^\W_]+")
#: Of those that share words, so many are compared letter by letter.
COMPARED = 8
#: Alike enough to be worth a button.
ALIKE = 0.5
NOISE = {"html", "htm", "php", "index", "aspx", "post", "posts", "blog", "archive", "category"}


class Suggestion(NamedTuple):
    pk: int
    slug: str
    title: str

    @property
    def url(self) -> str:
        return address("posts:detail", self.slug)


def suggested_posts(paths: Iterable[str]) -> dict[str, list[Suggestion]]:
    """The public posts closest to each path, best first; one query however many paths."""
    rows = Post.objects.live().filter(visibility="public").order_by()
    return _suggested(paths, rows.values_list("pk", "slug", "title"))


def near_posts(path: str) -> list[Suggestion]:
    """The same for a reader who stands before a dead address, at a price that does not grow."""
    words = _words(path)
    if not words:
        return []
    now = timezone.now()
    rows = [
        *AT_AND_AFTER.ask(now=now, slug=words),
        *BEFORE.ask(now=now, slug=words),
        *LATEST.ask(now=now),
    ]
    return _suggested([path], set(rows))[path]


def _beside(now: datetime, order: str, **which: Any) -> Any:
    rows = Post.objects.listed_among(now, **which).order_by(order)
    return rows.values_list("pk", "slug", "title")[:NEIGHBOURS]


AT_AND_AFTER = Prepared(lambda now, slug: _beside(now, "slug", slug__gte=slug))
BEFORE = Prepared(lambda now, slug: _beside(now, "-slug", slug__lt=slug))
LATEST = Prepared(lambda now: Post.objects.listed(now).values_list("pk", "slug", "title")[:NEWEST])


def _suggested(
    paths: Iterable[str], rows: Iterable[tuple[int, str, str]]
) -> dict[str, list[Suggestion]]:
    wanted = {path: _words(path) for path in paths}
    beginnings = {path: set(BEGINNINGS.findall(words)) for path, words in wanted.items()}
    known = set().union(*beginnings.values())
    posts, by_word = {}, defaultdict(set)
    for pk, slug, title in rows:
        for word in known.intersection(BEGINNINGS.findall(f"{slug} {title}".lower())):
            by_word[word].add(pk)
            posts[pk] = slug, title
    return {
        path: _closest(words, beginnings[path], posts, by_word) for path, words in wanted.items()
    }


def _words(path: str) -> str:
    words = WORDS.findall(path.lower())
    return "-".join(word for word in words if word not in NOISE and not word.isdigit())


def _closest(
    words: str,
    beginnings: set[str],
    posts: dict[int, tuple[str, str]],
    by_word: dict[str, set[int]],
) -> list[Suggestion]:
    """Rare words count for more: "the" stands in every second title."""
    shared: Counter[int] = Counter()
    for word in beginnings & by_word.keys():
        for pk in by_word[word]:
            shared[pk] += 1_000 // len(by_word[word])
    ranked = [(_likeness(words, *posts[pk]), pk) for pk, _weight in shared.most_common(COMPARED)]
    alike = [pk for likeness, pk in sorted(ranked, reverse=True) if likeness >= ALIKE]
    return [Suggestion(pk, *posts[pk]) for pk in alike[:MOST]]


def _likeness(words: str, slug: str, title: str) -> float:
    names = {slug, "-".join(WORDS.findall(title.lower()))}
    return max(SequenceMatcher(None, words, name, autojunk=False).ratio() for name in names)
