"""Who asks, by what they say of themselves: a person, a program that reads feeds, or a robot."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

#: Nothing longer is looked at or remembered.
LONGEST = 250
#: How people's browsers begin. Whatever else asks is a program.
BROWSER = re.compile(r"Mozilla/[45]\.0 \(|(?:Opera|Lynx|ELinks|w3m|Dillo|NetSurf)/|Links ")
#: Robots that say they are browsers; Cubot makes telephones.
ROBOT = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|archiver|preview|headless|lighthouse|scan|monitor|uptime|"
    r"pingdom|ptst|gtmetrix|phantomjs|facebookexternalhit|mediapartners|google-|chatgpt|claude|"
    r"perplexity|curl|wget|screenshot",
    re.IGNORECASE,
)
#: A browser names no address, and reads no feeds by itself.
PROGRAM = re.compile(
    r"(?i)https?:|fetch|feed|rss|reader|python|java/|valid|check|compatible; (?!msie|konqueror)"
)
SUBSCRIBERS = re.compile(r"\b(\d{1,6}) (?:subscriber|reader|user)s?\b", re.IGNORECASE)
NAME = re.compile(r"(?:Mozilla/5\.0 \(compatible; )?([\w.-]{2,60})")
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
LONGEST_HOST = 100


@lru_cache(1000)
def is_person(agent: str) -> bool:
    return bool(BROWSER.match(agent)) and not (ROBOT.search(agent) or PROGRAM.search(agent))


@lru_cache(1000)
def subscribers(agent: str) -> tuple[str, int] | None:
    """The service that fetches a feed for many people, and for how many."""
    told, name = SUBSCRIBERS.search(agent), NAME.match(agent)
    return (name[1], int(told[1])) if told and name else None


@lru_cache(1000)
def foreign_host(referrer: str) -> str:
    """The host a link stood on, or nothing: our own, or not worth to be believed."""
    try:
        parts = urlsplit(referrer)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host):
        return ""
    ours = [name for name in settings.ALLOWED_HOSTS if name != "*"]
    if len(host) > LONGEST_HOST or validate_host(host, ours):
        return ""
    return host.removeprefix("www.")
