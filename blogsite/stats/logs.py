"""Lines of access logs: the combined format, and JSON with the names of our own log."""

import json
import re
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.urls import Resolver404, resolve

from blogsite.stats.visitors import LONGEST, foreign_host, is_person

#: Never goes back in what it has taken: nobody can make it try for hours.
COMBINED = re.compile(
    r'[^\[]*+\[([^\]]{20,30})\] "([A-Z]++ [^" ]++)[^"]*+" (\d{3}) \S++ '
    r'"((?:[^"\\]|\\.)*+)" "((?:[^"\\]|\\.)*+)"'
)
#: A page as it was sent, or the word that the reader has it already.
SHOWN = ("200", "304")


def view_in(line: bytes) -> tuple[datetime, str, str] | None:
    """When a person was shown which post (empty: the front page), and the host they came from.

    None for everything else; ValueError where nobody can tell what the line says.
    """
    moment, request, status, referrer, agent = _fields(line.decode(errors="replace").strip())
    if not request.startswith("GET ") or status not in SHOWN or not is_person(agent[:LONGEST]):
        return None
    slug = _slug(request[4:].partition("?")[0][:500])  # cut off, it is no page
    return None if slug is None else (moment, slug, foreign_host(referrer[:LONGEST]))


def _fields(line: str) -> tuple[Any, ...]:
    if found := COMBINED.match(line):
        return _moment(found[1]), *found.group(2, 3, 4, 5)
    try:
        said = json.loads(line)
        words = [str(said.get(name, "")) for name in ("message", "status", "referrer", "agent")]
        return datetime.fromisoformat(said["time"]), *words
    except (AttributeError, KeyError, TypeError, RecursionError) as problem:
        raise ValueError from problem


@lru_cache(10)
def _moment(told: str) -> datetime:
    return datetime.strptime(told, "%d/%b/%Y:%H:%M:%S %z")


@lru_cache(2_000)
def _slug(address: str) -> str | None:
    path = unquote(address.encode(errors="replace"))  # half a letter, too
    path = path.removeprefix((settings.FORCE_SCRIPT_NAME or "").rstrip("/"))
    try:
        found = resolve(path.replace("\0", "/"))  # no database takes it
    except Resolver404:
        return None
    return {"posts:home": "", "posts:detail": found.kwargs.get("slug")}.get(found.view_name)
