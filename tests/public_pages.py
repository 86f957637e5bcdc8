"""One sample of every public page, for the tests that ask for all of them.

Whoever adds a `@public_page` adds a line: by the name of its address, what makes something to
show and returns the arguments of the address.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from blogsite.site.models import SiteSettings
from posts.models import Post
from tests import factories


def _offering_markdown() -> Post:
    site = SiteSettings.current()
    site.offers_markdown = True
    site.save()
    return factories.post("Plain water")


SAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "posts:home": lambda: factories.post("High water") and {},
    "posts:detail": lambda: {"slug": factories.post("Low water").slug},
    "posts:archive": lambda: factories.post() and {},
    "posts:year": lambda: {"year": f"{factories.post().published_at:%Y}"},
    "posts:month": lambda: {
        "year": f"{factories.post().published_at:%Y}",
        "month": f"{Post.objects.get().published_at:%m}",
    },
    "posts:tags": lambda: factories.post(tags=[factories.tag()]) and {},
    "posts:tag": lambda: {"slug": factories.post(tags=[factories.tag()]).tags.get().slug},
    "posts:series_index": lambda: factories.post(series=factories.series()) and {},
    "posts:series": lambda: {"slug": factories.post(series=factories.series()).series.slug},
    "posts:authors": lambda: factories.post() and {},
    "posts:opensearch": dict,
    "posts:author": lambda: {"slug": factories.post().author.slug},
    "posts:robots": dict,
    "posts:sitemap": lambda: factories.post() and {},
    "posts:sitemap_file": lambda: factories.post() and {"name": "lists"},
    "posts:llms": lambda: _offering_markdown() and {},
    "posts:markdown": lambda: {"slug": _offering_markdown().slug},
    "posts:feed": lambda: factories.post() and {"form": "feed.xml"},
    "posts:tag_feed": lambda: {
        "slug": factories.post(tags=[factories.tag()]).tags.get().slug,
        "form": "atom.xml",
    },
    "posts:series_feed": lambda: {
        "slug": factories.post(series=factories.series()).series.slug,
        "form": "feed.json",
    },
    "posts:author_feed": lambda: {"slug": factories.post().author.slug, "form": "feed.xml"},
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
