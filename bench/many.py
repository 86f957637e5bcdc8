"""What very many posts cost: pages against those of a small blog, and searches.

`python -m bench.many 100000` writes so many posts into an empty database of each kind, asks for
whole pages as a reader gets them, none of them kept, and ends with an error if an answer took too
long. The texts are made of words that are as common and as rare as those of a language, so the
commonest stands in every post.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any

from bench.blog import ROOT
from bench.budget import Budget
from dev import postgres_server

MOST_MS = {"sqlite": 100, "postgresql": 50}
AT_ONCE = 1000
#: A small blog, and how much dearer a page of the large one may be. In units of a
#: text that is rendered: the machine may have become faster or slower in between.
FEW, MOST_GROWTH = 1000, 1.15
UNIT = "a text"
WORDS_IN_TEXT, VOCABULARY, RUNS, PAGE_RUNS = 120, 8000, 7, 60
SYLLABLES = [a + b for a, b in zip("bcdfghjklmnprstvwxyz", "aeiouaeiouaeiouaeiou", strict=True)]
#: By how common it is, the first word being the commonest.
QUESTIONS = {
    "the commonest word": "{0}",
    "three common words": "{0} {1} {2}",
    "a middling word": "{300}",
    "a rare and a common word": "{7000} {0}",
    "two words that seldom meet": "{2000} {2500}",
    "a phrase": '"{0} {1}"',
    "the beginning of a word": "{40:.4}",
    "a common word in one of many topics": "{0} tag:topic-7",
    "a common word in a year": "{0} year:2011",
    "without a common word": "{1} -{0}",
    "a slip of the pen": "{60}x",
    "only a topic": "tag:topic-7",
}


def main() -> None:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory(prefix="blogsite-many-") as folder:
        kept = _run(f"sqlite:///{Path(folder) / 'many.sqlite3'}", posts)
    binaries = postgres_server.find_binaries()
    if binaries is None:
        raise SystemExit("No PostgreSQL was found.")
    with postgres_server.running(binaries) as url:
        kept = _run(url, posts) and kept
    sys.exit(not kept)


def _run(url: str, posts: int) -> bool:
    environment = os.environ | {
        "DATABASE_URL": url,
        "ENV": "production",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "measured-only-on-this-machine-and-thrown-away-afterwards",
        "ALLOWED_HOSTS": "testserver",
        "SECURE_SSL_REDIRECT": "false",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "blogsite.settings",
        "BENCH_POSTS": str(posts),
    }
    program = "import bench.many; bench.many.measure_here()"
    return (
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment).returncode == 0
    )


def measure_here() -> None:
    """In a process whose environment names the database."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    chance = random.Random(1)
    words, began, posts = _words(chance), time.monotonic(), int(os.environ["BENCH_POSTS"])
    _fill(chance, words, 0, FEW)
    few = _pages(Client())
    _fill(chance, words, FEW, posts)
    print(f"{connection.vendor}: written and indexed in {time.monotonic() - began:.0f} s")
    kept = True
    for budget in (*_grown(few, _pages(Client())), *_ask(words, MOST_MS[connection.vendor])):
        print(budget, flush=True)
        kept = kept and budget.is_kept
    sys.exit(not kept)


def _pages(client: Any) -> dict[str, float]:
    """The milliseconds of pages that every blog has, each as the median of many."""
    from django.utils import timezone

    from blogsite.lib.markdown import render
    from posts.models import Post
    from posts.paging import Place

    oldest = Post.objects.order_by("published_at")[15]
    newest = Post.objects.order_by("-published_at")[15]
    then = timezone.localtime(newest.published_at)
    addresses = {
        "the front page": "/",
        "the last page but one": f"/?before={Place(oldest.published_at, oldest.pk)}",
        "a topic": "/tags/topic-7/",
        "a topic of every second post": "/tags/half/",
        "a month": f"/archive/{then:%Y/%m}/",
        "a post": newest.get_absolute_url(),
    }
    times: dict[str, list[float]] = {name: [] for name in (UNIT, *addresses)}
    for run in range(PAGE_RUNS):
        began = time.perf_counter()
        render("*Some* words and a [link](/there/).\n\n" * 60)
        times[UNIT].append((time.perf_counter() - began) * 1000)
        for name, address in addresses.items():
            took = _timed(client, address)
            if run > PAGE_RUNS // 10:
                times[name].append(took)
    return {name: median(took) for name, took in times.items()}


def _grown(few: dict[str, float], many: dict[str, float]) -> Iterator[Budget]:
    then, now = few.pop(UNIT), many.pop(UNIT)
    for name, took in many.items():
        words = f"{name} ({took:.1f} ms) ÷ with {FEW:,} posts"
        yield Budget(words, took / now / (few[name] / then), "×", at_most=MOST_GROWTH)


def _ask(words: list[str], most: float) -> Iterator[Budget]:
    from unittest.mock import patch

    from django.test import Client

    client = Client()
    for name, pattern in QUESTIONS.items():
        typed = pattern.format(*words)
        with patch("blogsite.limits.hit", return_value=True):
            took = [_timed(client, "/search/", q=typed) for _run in range(RUNS)]
        # The best of them: other work on the machine disturbs it least.
        yield Budget(f"{name} ({median(took):.0f} ms mostly)", min(took), "ms", at_most=most)


def _timed(client: Any, address: str, **query: str) -> float:
    began = time.perf_counter()
    answer = client.get(address, query or None)
    assert answer.status_code == 200, (address, answer.status_code)
    return (time.perf_counter() - began) * 1000


def _words(chance: random.Random) -> list[str]:
    """The words, commonest first."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    return [*words]


def _fill(chance: random.Random, words: list[str], first: int, end: int) -> None:
    """One post for each of these hours before now."""
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.models import User
    from blogsite.site.models import held
    from posts.models import Post, Tag
    from posts.search import tables
    from posts.search.documents import rows_of

    chances = [*accumulate(1 / (rank + 1) for rank in range(VOCABULARY))]
    author, _new = User.objects.get_or_create(name="writer", email="writer@example.org")
    tags = [Tag.objects.get_or_create(name=f"Topic {n}", slug=f"topic-{n}")[0] for n in range(50)]
    half, _new = Tag.objects.get_or_create(name="Half", slug="half")
    now = timezone.now()
    for start in range(first, end, AT_ONCE):
        rows = []
        for n in range(start, min(start + AT_ONCE, end)):
            text = chance.choices(words, cum_weights=chances, k=WORDS_IN_TEXT)
            rows.append(
                Post(
                    title=" ".join(chance.choices(words, cum_weights=chances, k=4)),
                    slug=f"post-{n}",
                    body_html=f"<p>{' '.join(text)}</p>",
                    excerpt=" ".join(text[:30]),
                    author=author,
                    state="published",
                    published_at=now - timedelta(hours=n + 1),
                )
            )
        with transaction.atomic(), held():
            made = Post.objects.bulk_create(rows)
            having = {post: [tags[post.pk % 50], *[half] * (post.pk % 2)] for post in made}
            links = [(post.pk, tag.pk) for post, its in having.items() for tag in its]
            Post.tags.through.objects.bulk_create(
                Post.tags.through(post_id=post, tag_id=tag) for post, tag in links
            )
            person = {"pk": author.pk, "name": author.name, "display_name": ""}
            for post, its in having.items():
                names = [{"pk": tag.pk, "name": tag.name} for tag in its], [person]
                tables.write(rows_of(post, names)[:1])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


if __name__ == "__main__":
    main()
