"""One sample of every public page, for the tests that ask for all of them.

Whoever adds a `@public_page` adds a line: by the name of its address, what makes something to
show and returns the arguments of the address.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories

SAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "posts:home": lambda: factories.post("High water") and {},
    "posts:detail": lambda: {"slug": factories.post("Low water").slug},
}


def public_names() -> list[str]:
    """The names of all addresses that lead to a public page."""
    return sorted(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        elif hasattr(pattern.callback, "public_page"):
            yield f"{space}{pattern.name}"
