"""How the library is narrowed down."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blogsite.media.decoding import FORMATS
from blogsite.media.models import UNDESCRIBED, Image
from blogsite.media.references import used

MEGABYTE = 1_000_000
KINDS_OF_FILES = {"audio/": _("Sound"), "video/": _("Film"), "application/pdf": _("PDF")}


def shelves(library: Any) -> list[tuple[str, Any]]:
    """Besides all that is there."""
    missing = [("missing", _("Without description"))] if library is Image else []
    return [*missing, ("unused", _("Not used")), ("away", pgettext_lazy("shelf", "Put away"))]


class ShelfFilter(admin.SimpleListFilter):
    """Shown as tabs. What was put away is seen on its own shelf only."""

    title = _("shelf")
    parameter_name = "shelf"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return shelves(model_admin.model)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "away":
            return queryset.exclude(put_away_at=None)
        here = queryset.filter(put_away_at=None)
        if self.value() == "missing":
            return here.filter(UNDESCRIBED)
        return here.exclude(used(queryset.model)) if self.value() == "unused" else here


class ViewFilter(admin.SimpleListFilter):
    """A grid of pictures, or a list that can be sorted. Hides nothing."""

    title = _("view")
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("list", _("List"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset


class WeightFilter(admin.SimpleListFilter):
    title = _("weight")
    parameter_name = "weight"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Over 1 MB")), ("5", _("Over 5 MB"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        least = {"1": MEGABYTE, "5": 5 * MEGABYTE}.get(self.value() or "", 0)
        return queryset.filter(bytes__gt=least)


class TypeFilter(admin.SimpleListFilter):
    title = _("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        if model_admin.model is Image:
            return [(mime, name) for name, (mime, _extension) in FORMATS.items()]
        return [*KINDS_OF_FILES.items(), ("other", _("Other"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "other":
            return queryset.filter(mime__startswith=self.value() or "")
        for mime in KINDS_OF_FILES:
            queryset = queryset.exclude(mime__startswith=mime)
        return queryset
