"""What an operator forgets, told by id and hint before the first request.

The same list serves `manage.py check`, every command that runs checks, and the start of a
server, which refuses to go on with an error. Building (`collectstatic`) asks none of it.
"""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.template import engines

from blogsite.env import Refusal
from blogsite.site.theme import HINT as theme_hint

logger = logging.getLogger(__name__)

#: Sentences that say what is wrong.
Told = Iterator[str]

SHORTEST_KEY = 50
FEWEST_DIFFERENT_CHARACTERS = 10
KEY_COMMAND = (
    'python -c "from django.core.management.utils import get_random_secret_key as k; print(k())"'
)
NAME_HOSTS = "Name the hosts, for example ALLOWED_HOSTS=blog.example.org."
#: Each with whether it is of use on a developer's machine too.
_checks: list[tuple[bool, Callable[[], list[CheckMessage]]]] = []


def refuse_unsafe_start() -> None:
    """For servers, before their first request: an error ends the process."""
    if serious := [problem for problem in problems() if problem.is_serious()]:
        raise Refusal("\n".join(f"{p.id} {p.msg} {p.hint}" for p in serious))


def log_warnings() -> None:
    for problem in problems():
        if not problem.is_serious():
            logger.warning("%s %s", problem.id, problem.msg, extra={"hint": problem.hint})


def problems(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    asked = [found for local, found in _checks if local or not settings.DEVELOPMENT]
    return [problem for found in asked for problem in found()]


def check(number: str, hint: str, *, local: bool = False) -> Any:
    """Each sentence of what stands below is a problem of this number, E for error."""
    kind = Error if number.startswith("E") else Warning

    def enrol(look: Callable[[], Told]) -> Callable[[], list[CheckMessage]]:
        def found() -> list[CheckMessage]:
            return [kind(told, hint=hint, id=f"blogsite.{number}") for told in look()]

        _checks.append((local, found))
        return found

    return enrol


@check("E001", "Set ENV=production (or staging).", local=True)
def development_on_a_platform() -> Told:
    if settings.DEVELOPMENT and (platform := _platform()):
        yield f"ENV is development, but this is {platform}."


@check("E002", "Unset DEBUG.")
def debug() -> Told:
    if settings.DEBUG:
        yield f"DEBUG is on while ENV is {settings.ENV}: every error page would tell secrets."


@check("E003", f"Set it to the output of: {KEY_COMMAND}")
def secret_key() -> Told:
    try:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    except ImproperlyConfigured:
        keys = [""]  # how Django answers when it is empty
    if not all(map(_strong, keys)):
        yield "SECRET_KEY or a fallback is easy to guess." if keys[0] else "SECRET_KEY is missing."


def _strong(key: str) -> bool:
    return (
        len(key) >= SHORTEST_KEY
        and len(set(key)) >= FEWEST_DIFFERENT_CHARACTERS
        and not key.startswith("django-insecure-")
    )


@check("E004", NAME_HOSTS)
def wildcard_host() -> Told:
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS has a wildcard: links in e-mails could lead anywhere."


@check("E005", NAME_HOSTS)
def no_host() -> Told:
    if not settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS is empty: no request would be answered."


@check("W004", "Set the one all others redirect to, for example www.example.org.")
def canonical_host() -> Told:
    if not settings.CANONICAL_HOST:
        yield "CANONICAL_HOST is not set: the site has as many addresses as allowed hosts."


@check(
    "E006",
    "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or neither, where a role gives access) "
    "and AWS_STORAGE_BUCKET_NAME; or MEDIA_STORAGE=disk and no AWS_*.",
)
def half_a_bucket() -> Told:
    has = {option for option, value in settings.S3.items() if value}
    keys = {"access_key": "AWS_ACCESS_KEY_ID", "secret_key": "AWS_SECRET_ACCESS_KEY"}
    missing = [keys[one] for one in keys.keys() - has] if has & keys.keys() else []
    if "bucket_name" not in has and (settings.MEDIA_STORAGE == "s3" or has & keys.keys()):
        missing.append("AWS_STORAGE_BUCKET_NAME")
    if missing:
        yield f"S3 is configured by half, without {' and '.join(missing)}."


@check(
    "W001",
    "Use a bucket (AWS_STORAGE_BUCKET_NAME), MEDIA_STORAGE=database, or mount a volume at "
    "MEDIA_ROOT.",
)
def uploads() -> Told:
    if settings.MEDIA_STORAGE == "disk" and (reason := _wiped(settings.MEDIA_ROOT)):
        yield f"Uploads go to {settings.MEDIA_ROOT}, which {reason}."


@check(
    "E009", "Name the folder of a theme as this process sees it, or unset THEME_DIR.", local=True
)
def theme() -> Told:
    folder = settings.THEME_DIR
    if folder and not any((folder / part).is_dir() for part in ("templates", "static")):
        yield f"THEME_DIR is {folder}, and there is neither templates/ nor static/ in it."


@check("W007", theme_hint, local=True)
def broken_templates() -> Told:
    if settings.THEME_DIR and apps.ready:
        engine: Any = engines["theme"]
        yield from (f"{place}: {problem}" for place, problem in engine.broken())


@check("E007", "heroku addons:create heroku-postgresql (it sets DATABASE_URL).")
def database_on_a_dyno() -> Told:
    if _database_file() and "DYNO" in os.environ:
        yield "The database is a file on this dyno: it is wiped every day and not migrated."


@check("W002", "Set DATABASE_URL to a PostgreSQL, or to a file on a mounted volume.")
def database() -> Told:
    file = _database_file()
    if file and "DYNO" not in os.environ and (reason := _wiped(file)):
        yield f"The database is {file}, which {reason}."


def _database_file() -> str:
    options = settings.DATABASES["default"]
    return str(options["NAME"]) if options["ENGINE"].endswith("sqlite3") else ""


@check("E008", "Run manage.py collectstatic --noinput once for each release.")
def static_files() -> Told:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield "The static files were not collected: every page would fail."


@check("W003", "Set EMAIL_URL, for example smtp+tls://user:password@smtp.example.org:587.")
def email() -> Told:
    is_console = settings.BLOG_MAIL_TRANSPORT.endswith("console.EmailBackend")
    if settings.ENV == "production" and is_console:
        yield "E-mails are written to the log instead of being sent."


@check("W005", "1 behind Heroku's router, one nginx or one ingress; 0 with nothing in front.")
def proxies() -> Told:
    if not settings.PROXIES_DECLARED:
        yield "TRUSTED_PROXY_COUNT is not set: forwarded addresses and schemes are not believed."


@check(
    "W006",
    "Lower WEB_CONCURRENCY, GUNICORN_THREADS or DATABASE_POOL_SIZE, or set "
    "DATABASE_CONNECTION_LIMIT to what the plan allows divided by the number of machines.",
)
def connections() -> Told:
    pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool") or {"max_size": 0}
    processes = settings.WEB_CONCURRENCY + settings.WORKER
    wanted, limit = processes * pool["max_size"], settings.DATABASE_CONNECTION_LIMIT
    if wanted > limit:
        yield (
            f"{processes} processes of {pool['max_size']} connections make {wanted}, "
            f"the database gives this machine {limit}."
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
