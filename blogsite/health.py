"""Whether this process lives, and whether it can serve: for probes, on any host and scheme.

`/health` asks nothing of anybody. `/health/ready` asks the uploads' storage, the cache, the
database and the migrations, and answers within SECONDS whatever they do.
"""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from blogsite import limits

logger = logging.getLogger(__name__)

SECONDS = 2
UNKNOWN = f"no answer within {SECONDS} s"
#: Set once all migrations were seen applied: they do not go away while a release runs.
_migrated = threading.Event()


class NotReady(Exception):
    """Says in words what is missing."""


def middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Answers probes before anybody looks at their host, scheme or session."""
    views = {"/health": alive, "/health/ready": ready}

    def answer(request: HttpRequest) -> Any:
        view = views.get(request.path_info)
        return view(request) if view else get_response(request)

    return answer


def alive(request: HttpRequest) -> HttpResponse:
    return _json(request, {"status": "ok"}, 200)


def ready(request: HttpRequest) -> HttpResponse:
    found = findings()
    if all(finding == "ok" for finding in found.values()):
        return _json(request, {"status": "ok", "checks": found}, 200)
    logger.warning("health.not_ready", extra=found)
    response = _json(request, {"status": "not ready", "checks": found}, 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would, as an error
    return response


def _json(request: HttpRequest, body: dict[str, Any], status: int) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        body, status = {"error": "Only GET and HEAD."}, 405
    response = JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
    if request.method == "HEAD":
        response.content = b""
    return response


def findings() -> dict[str, str]:
    """What each part said; asked in a thread, because a frozen server never lets go of its own."""
    found = dict.fromkeys(QUESTIONS, UNKNOWN)
    thread = threading.Thread(target=_ask_all, args=(found,), name="readiness", daemon=True)
    thread.start()
    thread.join(SECONDS)
    return dict(found)


def _ask_all(found: dict[str, str]) -> None:
    try:
        for name, question in QUESTIONS.items():
            found[name] = _ask(name, question)
            if name == "database" and found[name] != "ok":
                found["migrations"] = "unknown without the database"
                return
    finally:
        connections.close_all()


def _ask(name: str, question: Callable[[], None]) -> str:
    try:
        question()
    except NotReady as problem:
        return str(problem)
    except Exception as problem:
        # The details stay in the log: the answer is for everybody to read.
        logger.warning("health.%s_failed", name, extra={"error": one_line(problem)})
        return "failed"
    return "ok"


def one_line(problem: Exception) -> str:
    return " ".join(str(problem).split()) or type(problem).__name__


def why_no_database() -> str:
    """What the database, or the way to it, says for itself; nothing if it answers."""
    # Past the pool, which hides the reason and waits for itself.
    fresh = connection.copy()
    fresh.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with fresh.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as problem:
        return one_line(problem)
    finally:
        fresh.close()
    return ""


def storage() -> None:
    """Can take an upload, as far as can be told without sending one."""
    if settings.MEDIA_STORAGE == "s3" and not settings.S3.get("bucket_name"):
        raise NotReady("no bucket is named")
    if settings.MEDIA_STORAGE == "disk":
        place = Path(settings.MEDIA_ROOT)
        while not place.exists():
            place = place.parent
        if not os.access(place, os.W_OK):
            raise NotReady("the folder for uploads is read-only")


def cache() -> None:
    """Redis, where there is one: else its counters are with the other rows, asked next."""
    if settings.REDIS_URL:
        limits.peek("health", limit=1)


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> None:
    if _migrated.is_set():
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("some are not applied: run manage.py migrate")
    _migrated.set()


#: The quick ones first, so that a frozen database leaves their answers known.
QUESTIONS = {"storage": storage, "cache": cache, "database": database, "migrations": migrations}
