import time
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from blogsite.pagecache import PageCache, nothing_here, watch
from blogsite.pagecache.models import PageStamp
from tests.pagecache import sample
from tests.pagecache.reader import Answer, ask

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Generator[None]:
    """A database where a commit is one. `transactional_db` would empty every table each time."""
    with django_db_blocker.unblock():
        yield
        sample.texts().delete()
        PageStamp.objects.all().delete()
        connections.close_all()


@pytest.fixture
def sample_site(settings, monkeypatch) -> Generator[None]:
    monkeypatch.setattr(nothing_here, "receivers", [])  # nobody counts its dead addresses
    settings.ROOT_URLCONF = "tests.pagecache.sample"
    settings.MIDDLEWARE = MIDDLEWARE
    sample.stage.reset()
    yield
    sample.stage.reset()


@pytest.fixture
def new_process(
    committed: None, sample_site: None, monkeypatch: pytest.MonkeyPatch
) -> Generator[Callable[[], PageCache]]:
    """Each call is one more process of the site: its own pages, its own watcher."""
    # Readers wait for a look that has to wait for a processor, while other tests run.
    monkeypatch.setattr(watch, "PATIENCE", 10)
    made: list[PageCache] = []

    def make() -> PageCache:
        made.append(PageCache(WSGIHandler()))
        return made[-1]

    yield make
    for one in made:
        one.watcher.stop()


@pytest.fixture
def site(new_process: Callable[[], PageCache]) -> PageCache:
    return new_process()


@pytest.fixture
def get(site: PageCache) -> Callable[..., Answer]:
    return partial(ask, site)


@pytest.fixture
def wait_for_look(site: PageCache) -> Callable[[], None]:
    """Until the process knows what has been written by now."""

    def wait() -> None:
        while not site.watcher.catch_up(time.monotonic()):
            pass

    return wait
