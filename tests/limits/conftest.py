from collections.abc import Generator
from typing import Any

import pytest
from django.db import connections

from blogsite.limits.models import Counter


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Generator[None]:
    """Counters where a commit is one, for threads and processes to meet in."""
    with django_db_blocker.unblock():
        yield
        Counter.objects.all().delete()
        connections.close_all()


@pytest.fixture(params=["database", "redis"])
def store(request: pytest.FixtureRequest, settings, committed: None) -> str:
    """Each behaviour is tried on the table and on a real Redis."""
    if request.param == "redis":
        settings.REDIS_URL = request.getfixturevalue("redis_url")
    else:
        settings.REDIS_URL = ""
    return request.param
