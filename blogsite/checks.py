"""What an operator forgets, told by id and hint before the first request.

The same list serves `manage.py check`, every command that runs checks, and the start of a
server, which refuses to go on with an error. Building (`collectstatic`) asks none of it.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from blogsite.env import Refusal

logger = logging.getLogger(__name__)

Problems = Iterator[CheckMessage]

SHORTEST_KEY = 50
FEWEST_DIFFERENT_CHARACTERS = 10
KEY_COMMAND = (
    'python -c "from django.core.management.utils import get_random_secret_key as k; print(k())"'
)


def refuse_unsafe_start() -> None:
    """For servers, before their first request: an error ends the process."""
    if serious := [problem for problem in problems() if problem.is_serious()]:
        raise Refusal("\n".join(f"{p.id} {p.msg} {p.hint}" for p in serious))


def log_warnings() -> None:
    for problem in problems():
        if not problem.is_serious():
            logger.warning("%s %s", problem.id, problem.msg, extra={"hint": problem.hint})


def problems(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    checks = LOCAL_CHECKS if settings.DEVELOPMENT else SERVING_CHECKS
    return [problem for check in checks for problem in check()]


def install() -> None:
    register(problems, "configuration")


def development_on_a_platform() -> Problems:
    if platform := _platform():
        yield Error(
            f"ENV is development, but this is {platform}.",
            hint="Set ENV=production (or staging).",
            id="blogsite.E001",
        )


def debug() -> Problems:
    if settings.DEBUG:
        yield Error(
            f"DEBUG is on while ENV is {settings.ENV}: every error page would tell secrets.",
            hint="Unset DEBUG.",
            id="blogsite.E002",
        )


def secret_key() -> Problems:
    try:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    except ImproperlyConfigured:
        keys = [""]  # how Django answers when it is empty
    if not all(map(_strong, keys)):
        yield Error(
            "SECRET_KEY or a fallback is easy to guess." if keys[0] else "SECRET_KEY is missing.",
            hint=f"Set it to the output of: {KEY_COMMAND}",
            id="blogsite.E003",
        )


def _strong(key: str) -> bool:
    return (
        len(key) >= SHORTEST_KEY
        and len(set(key)) >= FEWEST_DIFFERENT_CHARACTERS
        and not key.startswith("django-insecure-")
    )


def hosts() -> Problems:
    hint = "Name the hosts, for example ALLOWED_HOSTS=blog.example.org."
    if "*" in settings.ALLOWED_HOSTS:
        message = "ALLOWED_HOSTS has a wildcard: links in e-mails could lead anywhere."
        yield Error(message, hint=hint, id="blogsite.E004")
    if not settings.ALLOWED_HOSTS:
        message = "ALLOWED_HOSTS is empty: no request would be answered."
        yield Error(message, hint=hint, id="blogsite.E005")
    if not settings.CANONICAL_HOST:
        yield Warning(
            "CANONICAL_HOST is not set: the site has as many addresses as allowed hosts.",
            hint="Set the one all others redirect to, for example www.example.org.",
            id="blogsite.W004",
        )


def uploads() -> Problems:
    if missing := list(_missing_for_s3()):
        yield Error(
            f"S3 is configured by half: {' and '.join(missing)} not set.",
            hint="Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or neither, where a role "
            "gives access) and AWS_STORAGE_BUCKET_NAME; or MEDIA_STORAGE=disk and no AWS_*.",
            id="blogsite.E006",
        )
    if settings.MEDIA_STORAGE == "disk" and (reason := _wiped(settings.MEDIA_ROOT)):
        yield Warning(
            f"Uploads go to {settings.MEDIA_ROOT}, which {reason}.",
            hint="Use a bucket (AWS_STORAGE_BUCKET_NAME), MEDIA_STORAGE=database, "
            "or mount a volume at MEDIA_ROOT.",
            id="blogsite.W001",
        )


def _missing_for_s3() -> Iterator[str]:
    has = {option for option, value in settings.S3.items() if value}
    if "bucket_name" not in has and (
        settings.MEDIA_STORAGE == "s3" or has & {"access_key", "secret_key"}
    ):
        yield "AWS_STORAGE_BUCKET_NAME is"
    if "secret_key" in has and "access_key" not in has:
        yield "AWS_ACCESS_KEY_ID is"
    if "access_key" in has and "secret_key" not in has:
        yield "AWS_SECRET_ACCESS_KEY is"


def database() -> Problems:
    options = settings.DATABASES["default"]
    file = str(options["NAME"]) if options["ENGINE"].endswith("sqlite3") else ""
    if file and "DYNO" in os.environ:
        yield Error(
            "The database is a file on this dyno: it is wiped every day and not migrated.",
            hint="heroku addons:create heroku-postgresql (it sets DATABASE_URL).",
            id="blogsite.E007",
        )
    elif file and (reason := _wiped(file)):
        yield Warning(
            f"The database is {file}, which {reason}.",
            hint="Set DATABASE_URL to a PostgreSQL, or to a file on a mounted volume.",
            id="blogsite.W002",
        )


def static_files() -> Problems:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield Error(
            "The static files were not collected: every page would fail.",
            hint="Run manage.py collectstatic --noinput once for each release.",
            id="blogsite.E008",
        )


def email() -> Problems:
    is_console = settings.BLOG_MAIL_TRANSPORT.endswith("console.EmailBackend")
    if settings.ENV == "production" and is_console:
        yield Warning(
            "E-mails are written to the log instead of being sent.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@smtp.example.org:587.",
            id="blogsite.W003",
        )


def proxies() -> Problems:
    if not settings.PROXIES_DECLARED:
        yield Warning(
            "TRUSTED_PROXY_COUNT is not set: forwarded addresses and schemes are not believed.",
            hint="1 behind Heroku's router, one nginx or one ingress; 0 with nothing in front.",
            id="blogsite.W005",
        )


def connections() -> Problems:
    pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool") or {"max_size": 0}
    processes = settings.WEB_CONCURRENCY + settings.WORKER
    wanted, limit = processes * pool["max_size"], settings.DATABASE_CONNECTION_LIMIT
    if wanted > limit:
        yield Warning(
            f"{processes} processes of {pool['max_size']} connections make {wanted}, "
            f"the database gives this machine {limit}.",
            hint="Lower WEB_CONCURRENCY, GUNICORN_THREADS or DATABASE_POOL_SIZE, or set "
            "DATABASE_CONNECTION_LIMIT to what the plan allows divided by the number of machines.",
            id="blogsite.W006",
        )


def _platform() -> str:
    if "DYNO" in os.environ:
        return "a Heroku dyno"
    return "a Kubernetes pod" if "KUBERNETES_SERVICE_HOST" in os.environ else ""


def _wiped(place: str | Path) -> str:
    """Why what is written there will not last, or nothing."""
    if "DYNO" in os.environ:
        return "Heroku wipes at every restart"
    if _in_container() and _device(Path(place)) == os.stat("/").st_dev:
        return "goes away with this container"
    return ""


def _in_container() -> bool:
    return "KUBERNETES_SERVICE_HOST" in os.environ or any(
        os.path.exists(mark) for mark in ("/.dockerenv", "/run/.containerenv")
    )


def _device(place: Path) -> int:
    while not place.exists():
        place = place.parent
    return place.stat().st_dev


LOCAL_CHECKS = [development_on_a_platform]
SERVING_CHECKS = [
    debug,
    secret_key,
    hosts,
    uploads,
    database,
    static_files,
    email,
    proxies,
    connections,
]
