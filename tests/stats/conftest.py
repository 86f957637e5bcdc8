from collections.abc import Callable, Generator
from datetime import date
from functools import partial
from math import inf
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from blogsite.pagecache import PageCache
from blogsite.stats import counting
from blogsite.stats.models import SITE, DayCount
from posts.models import Post
from tests.pagecache.reader import ask

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def tally(monkeypatch) -> counting.Tally:
    """Written when a test says so: its thread would write past the test's transaction."""
    monkeypatch.setattr(counting.Tally, "_wake_writer", lambda self: None)
    return counting.Tally()


@pytest.fixture
def site(db: None, tally: counting.Tally) -> Generator[PageCache]:
    """The blog as a server has it, which leaves the test's own transaction open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    site = PageCache(WSGIHandler(), tally.note)
    site.watcher.looked = inf  # its thread would not see the transaction
    yield site
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def get(site: PageCache) -> Callable[..., Any]:
    return partial(ask, site, user_agent=FIREFOX)


def counted(kind: str = "view", day: date | None = None) -> dict[Any, int]:
    """What the table says of today: by post, or by name where rows have one."""
    day = day or timezone.localdate()
    rows = DayCount.objects.filter(kind=kind, day=day)
    return {(row.name or row.post_id): row.count for row in rows}


def seen(day: date, times: int, *, post: Post | int = SITE, kind: str = "view", name: str = ""):
    pk = post if isinstance(post, int) else post.pk
    return DayCount.objects.create(kind=kind, day=day, post_id=pk, name=name, count=times)
