"""What readers asked for in vain, counted within bounds."""

import logging
from collections import deque
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone

from blogsite.lib.client import client_address
from blogsite.limits import Unavailable, hit, peek
from posts.links import path_key
from posts.models import NotFound
from posts.services.addresses import may_be_old

logger = logging.getLogger(__name__)

LONGEST_PATH, LONGEST_REFERRER = 500, 255
MOST_ROWS = 5_000
#: What one client may add, and what a process writes however many clients there are.
FOR_ONE_CLIENT, SECONDS = 30, 600
MOST_A_SECOND = 10

_written: deque[float] = deque(maxlen=MOST_A_SECOND)


def note_dead_address(request: HttpRequest) -> None:
    """Count a page that was asked for in vain. Whatever happens here, the reader gets the 404."""
    path = path_key(request.path_info)
    if request.method != "GET" or not may_be_old(path):
        return
    if len(path) > LONGEST_PATH or not path.isprintable():
        return
    if len(_written) == MOST_A_SECOND and monotonic() - _written[0] < 1:
        return
    try:
        if _within_limit(request):
            _written.append(monotonic())
            _count(path, _seen_on(request.headers.get("Referer", "")))
    except (Error, Unavailable):
        logger.warning("notfound.uncounted", exc_info=True)


def _within_limit(request: HttpRequest) -> bool:
    """A look first: whoever is beyond the limit costs no more writing."""
    key = f"notfound:{client_address(request.META, settings.TRUSTED_PROXY_COUNT)}"
    return peek(key, limit=FOR_ONE_CLIENT) and hit(key, limit=FOR_ONE_CLIENT, seconds=SECONDS)


def _count(path: str, referrer: str) -> None:
    now = timezone.now()
    changed = {"count": F("count") + 1, "last_at": now}
    seen = {"referrer": referrer} if referrer else {}
    if NotFound.objects.filter(path=path).update(**changed, **seen):
        return
    _row, created = NotFound.objects.update_or_create(
        path=path, defaults=changed | seen, create_defaults={"last_at": now, **seen}
    )
    if created:
        prune()


def _seen_on(referrer: str) -> str:
    """Host and path: a query may hold what is nobody's business, and so does a secret path."""
    try:
        parts = urlsplit(referrer)
    except ValueError:
        return ""
    path = parts.path.removeprefix(get_script_prefix())
    if parts.scheme not in ("http", "https") or not (path in ("", "/") or may_be_old(path)):
        return ""
    place = f"{parts.netloc.rpartition('@')[2]}{parts.path}"
    return place[:LONGEST_REFERRER] if place.isprintable() else ""


def prune(most: int = MOST_ROWS) -> None:
    """Keep the table within its bound: what was asked for once, longest ago, goes first."""
    excess = NotFound.objects.count() - most
    if excess > 0:
        rows = NotFound.objects.alias(again=Q(count__gt=1)).order_by("again", "last_at")
        NotFound.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:excess])).delete()
