"""Addresses: which words the site needs itself, and which are still free."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

from django.db import connection, models
from django.urls import URLResolver, get_resolver, get_script_prefix, reverse

from blogsite.lib.text import first_free


def reserved_words() -> frozenset[str]:
    """First path segments the site answers itself, read from the URLconf.

    A post of such a name could never be reached.
    """
    return _answered_by(get_resolver())


@cache
def _answered_by(resolver: URLResolver) -> frozenset[str]:
    return frozenset(_first_segments(resolver)) | FILES


#: Answered by the web server or the page cache before any pattern is asked.
FILES = frozenset({"static", "media", "health", "comments", "api", "accounts"})


def _first_segments(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = str(pattern.pattern)
        head = route.split("/", 1)[0].lstrip("^")
        if not route and isinstance(pattern, URLResolver):
            yield from _first_segments(pattern)
        elif head and "<" not in head and "(" not in head:
            yield head.rstrip("$")


def address(name: str, slug: str) -> str:
    """As `reverse`, but quick enough for a list: what stands around the slug is looked up once."""
    head, tail = _around_slug(name, get_script_prefix())
    return f"{head}{quote(slug)}{tail}"


@cache
def _around_slug(name: str, prefix: str) -> tuple[str, str]:
    head, _slug, tail = reverse(name, args=["-"]).rpartition("-")
    return head, tail


def unreserved(slug: str) -> str:
    return f"{slug}-post" if slug in reserved_words() else slug


def free_slug(model: type[models.Model], base: str, *, length: int, pk: Any = None) -> str:
    """`base`, or `base-2`, `base-3`, … : the first that no other row has. In SQL, as every save
    asks it."""
    base = base[: length - 5].rstrip("-")
    sql = f"SELECT slug FROM {model._meta.db_table} WHERE slug LIKE %s AND id <> %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"{base}%", pk or 0])
        return first_free(base, {slug for (slug,) in cursor.fetchall()})
