"""Strict readers over django-environ: a wrong value stops the process with one line.

Every variable is read through here, so `Reader.names` is the list of all there are.
An empty value counts as unset, because Compose and Kubernetes pass unset ones that way.
"""

import os
import re
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

FALSE_STRINGS = ("false", "off", "n", "no", "0")
HOST = re.compile(r"(?!.*\.\.)\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]|\*")
PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
#: Where SCRIPT_NAME is kept for child processes once it is out of gunicorn's reach.
INHERITED_PREFIX = "BLOGSITE_SCRIPT_NAME"


class Refusal(SystemExit):
    """Ends the process with a line instead of a traceback, whoever imports the settings."""


def refuse(name: str, problem: str, example: str) -> NoReturn:
    raise Refusal(f"{name}: {problem}. Example: {name}={example}")


def read_file(path: Path, environment: MutableMapping[str, str] = os.environ) -> None:
    """Take up a developer's .env: only in development, and the real environment wins."""
    if environment.get("ENV", "").strip() not in ("", "development") or not path.is_file():
        return
    environ.Env.read_env(path)
    if environment.get("ENV", "").strip() not in ("", "development"):
        refuse("ENV", f"set in {path.name}, which only development reads", "development")


def address(url: str) -> SplitResult:
    """Its parts; empty ones where it is none, as when a password has an odd character as it is."""
    with suppress(ValueError):
        parts = urlsplit(url)
        is_torn = parts.netloc and "@" in parts.path + parts.query
        if parts.port != 0 and not parts.fragment and not is_torn:
            return parts
    return urlsplit("")


class Reader:
    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        self.environment = environment
        self.names: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        self.names.add(name)
        return self.environment.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value not in (*environ.Env.BOOLEAN_TRUE_STRINGS, *FALSE_STRINGS):
            refuse(name, f"“{value}” is neither true nor false", "true")
        return value in environ.Env.BOOLEAN_TRUE_STRINGS

    def number(self, name: str, default: int, least: int = 0, most: int = 2**31) -> int:
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch("[0-9]{1,20}", value) or not least <= int(value) <= most:
            span = f"from {least} to {most}" if most < 2**31 else f"of at least {least}"
            refuse(name, f"“{value:.40}” is not a whole number {span}", str(max(default, least)))
        return int(value)

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        value = self.text(name, default)
        if value not in choices:
            refuse(name, f"“{value}” is none of {', '.join(choices)}", choices[0])
        return value

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def hosts(self, name: str) -> list[str]:
        """Host names with commas between; a leading dot stands for all below."""
        for host in (found := self.words(name)):
            if not HOST.fullmatch(host):
                problem = f"“{host}” is not a host name (no scheme, port or path)"
                refuse(name, problem, "blog.example.org,www.blog.example.org")
        return found

    def host(self, name: str) -> str:
        """One host name, with a port where that is not the usual one."""
        value = self.text(name).lower()
        host, colon, port = value.partition(":")
        is_one = HOST.fullmatch(host) and host[0] not in ".*"
        is_port = re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) < 2**16
        if value and not (is_one and bool(is_port) == bool(colon)):
            refuse(name, f"“{value}” is not one host name (no scheme, no path)", "example.org")
        return value

    def prefix(self, name: str) -> str:
        """The path the site is mounted under, taken out of the environment.

        gunicorn reads SCRIPT_NAME from the environment too, and then answers 500 to every
        request without the prefix, probes included. Child processes get it by another name.
        """
        given = self.text(name)
        self.environment.pop(name, None)
        value = (given or self.environment.get(INHERITED_PREFIX, "")).rstrip("/")
        if value and not PREFIX.fullmatch(value):
            refuse(name, f"“{value}” is not a path that starts with a slash", "/blog")
        if value:
            self.environment[INHERITED_PREFIX] = value
        return value

    def email(self, name: str, default: str) -> dict[str, Any]:
        """The EMAIL_* settings a mail server's URL stands for."""
        value = self.text(name, default)
        try:
            config = environ.Env.email_url_config(value) if address(value).scheme else {}
        except ImproperlyConfigured:
            config = {}
        is_smtp = config.get("EMAIL_BACKEND", "").endswith("smtp.EmailBackend")
        if not config or (is_smtp and not config["EMAIL_HOST"]):
            refuse(name, "not the address of a mail server", "smtp+tls://user:password@host:587")
        return config

    def redis(self, name: str) -> str:
        value = self.text(name)
        parts = address(value)
        place = parts.path if parts.scheme == "unix" else parts.hostname
        if value and not (place and parts.scheme in ("redis", "rediss", "unix")):
            refuse(name, "not the address of a Redis", "redis://localhost:6379/0")
        return value
