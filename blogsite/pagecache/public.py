"""What a view says about its page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any

from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import is_naive
from django.views.decorators.http import require_safe

DRAFT = "blogsite.draft"
View = Callable[..., Any]

#: Sent with the `request` of a reader who shared the anonymous answer that there is nothing.
nothing_here = Signal()


@dataclass(frozen=True, eq=False)
class Public:
    """The mark on a public view."""

    names: frozenset[str]
    query: tuple[str, ...]


@dataclass(eq=False)
class Draft:
    """A page being rendered: what it shows, and what of that has changed meanwhile."""

    names: set[str]
    keep: bool
    began: float
    until: float = inf
    personal: bool = False
    counted_as: str = ""
    moved: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    noticed: float = inf


def public_page(*names: str, query: tuple[str, ...] = ()) -> Callable[[View], View]:
    """The page may be kept: it depends on `names` and on these parameters of the query only.

    Such a view is rendered for nobody in particular: PageCache gives it a request without
    cookies, languages, addresses or any other header, so it cannot leak what it never saw.
    """

    def decorate(view: View) -> View:
        public: Any = require_safe(view)
        public.public_page = Public(frozenset(names), query)
        return public

    return decorate


def depends_on(request: HttpRequest, *names: str, until: datetime | None = None) -> None:
    """The page also shows these; at `until`, a moment with its zone, it changes by itself."""
    if until is not None and is_naive(until):
        raise ValueError("until needs a time zone")
    draft = request.META.get(DRAFT)
    if draft is not None:
        draft.names.update(names)
        draft.until = min(draft.until, until.timestamp() if until else inf)


def counted_as(request: HttpRequest, name: str) -> None:
    """What the page is called where views are counted; a page without a name is not."""
    draft = request.META.get(DRAFT)
    if draft is not None:
        draft.counted_as = name


def personal_page(request: HttpRequest, view: View, **kwargs: Any) -> HttpResponse:
    """Nothing public is here: answer with `view`, which meets the visitor and is never kept.

    Strangers get its answer to an anonymous visitor. For a visitor with cookies, and where that
    answer leads elsewhere, PageCache asks Django again, with the request as it came.
    """
    request.personal = True  # type: ignore[attr-defined]
    draft = request.META.get(DRAFT)
    if draft is not None:
        draft.personal = True
    return view(request, **kwargs)


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether PageCache asks, with a request that tells nothing of the reader."""
    return DRAFT in request.META
