"""Where uploads are shown or named, so that none is removed while somebody needs it.

Every app registers the tables of which a row can name an upload: in a text by its address, in a
column by the key of a picture. What a row names is noted when it is saved; bulk writes and
cascades pass that by, so `recount` reads everything again, and always does before anything is
removed for good.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat, Left
from django.db.models.signals import post_save
from django.utils.translation import gettext as _

from blogsite.media.models import FormerName, Image, Reference, Upload

ADDRESS = re.compile(r"\b([0-9a-f]{32})/[A-Za-z0-9]")
ROWS_AT_ONCE = 500


@dataclass(frozen=True, order=True)
class Place:
    """One use, for people: `url` is empty where this person may not go."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Source:
    """A table whose rows name uploads. A dot leads into a column of JSON."""

    model: type[Model]
    #: Columns with text, in which addresses are looked for.
    texts: tuple[str, ...]
    #: Columns with the key of a picture.
    pictures: tuple[str, ...]
    #: For these keys, and for the person who asks: what to show of each row that is still there.
    places: Callable[[Collection[int], Any], dict[int, Place]]
    #: What nobody reads any more, or not yet: kept for whoever goes back to it.
    is_history: bool = False

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    @property
    def columns(self) -> set[str]:
        """Of the table, without what the dots lead to."""
        return {name.partition(".")[0] for name in (*self.texts, *self.pictures)}

    def marks(self, row: Model) -> set[str]:
        found = {mark for name in self.texts for mark in ADDRESS.findall(_text(_value(row, name)))}
        keys = (_value(row, name) for name in self.pictures)
        return found | {f"#{key}" for key in keys if key}


sources: dict[type[Model], Source] = {}


def register(model: type[Model], **given: Any) -> None:
    sources[model] = Source(model, **{"texts": (), "pictures": ()} | given)
    post_save.connect(_note, sender=model, dispatch_uid=f"references.{model._meta.label}")


def _value(row: Model, name: str) -> Any:
    column, _dot, inside = name.partition(".")
    value = getattr(row, column)
    return (value or {}).get(inside) if inside else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


# -- noting --------------------------------------------------------------------------------


def _note(sender: type[Model], instance: Model, created: bool, **given: Any) -> None:
    source, changed = sources[sender], given.get("update_fields")
    if changed is not None and source.columns.isdisjoint(_columns(sender, changed)):
        return
    _follow(source, [instance], is_new=created)


def _columns(model: type[Model], fields: Iterable[str]) -> set[str]:
    """Fields may be named by themselves or by their column."""
    known: Any = model._meta
    return {known.get_field(name).attname for name in fields}


def recount() -> int:
    """Read every row of every source again, in bites. How many notes were wrong."""
    return sum(_recount(source) for source in sources.values())


def _recount(source: Source) -> int:
    # Not one long cursor: that would hold back SQLite's writers.
    rows = source.model._default_manager.order_by("pk").only(*source.columns)
    wrong = last = 0
    while bite := list(rows.filter(pk__gt=last)[:ROWS_AT_ONCE]):
        wrong += _follow(source, bite)
        last = bite[-1].pk
    gone = Reference.objects.filter(source=source.name).exclude(key__in=rows.values("pk"))
    return wrong + gone.delete()[0]


def _follow(source: Source, rows: list[Model], *, is_new: bool = False) -> int:
    """Make the notes about these rows say what the rows say. How many did not."""
    said = {(row.pk, mark) for row in rows for mark in source.marks(row)}
    notes = Reference.objects.filter(source=source.name, key__in=[row.pk for row in rows])
    noted = {} if is_new else {(note.key, note.mark): note.pk for note in notes}
    new = [Reference(source=source.name, key=key, mark=mark) for key, mark in said - noted.keys()]
    old = [pk for note, pk in noted.items() if note not in said]
    Reference.objects.bulk_create(new, ignore_conflicts=True)
    if old:
        Reference.objects.filter(pk__in=old).delete()
    return len(new) + len(old)


# -- asking --------------------------------------------------------------------------------


def used(library: type[Upload]) -> Q:
    """True of an upload that something names, by its present address or by a former one."""
    by_address = Reference.objects.filter(mark=Left(OuterRef("name"), 32))
    if library is not Image:
        return Q(Exists(by_address))
    by_key = Reference.objects.filter(
        mark=Concat(Value("#"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    )
    formerly = FormerName.objects.filter(image=OuterRef("pk")).filter(Exists(by_address))
    return Q(Exists(by_address)) | Q(Exists(by_key)) | Q(Exists(formerly))


def in_sight(noted: Iterable[tuple[str, int, str]]) -> set[tuple[str, int]]:
    """The rows among these that are more than history."""
    history = {source.name for source in sources.values() if source.is_history}
    return {(source, key) for source, key, _how in noted if source not in history}


def notes(uploads: Collection[Upload]) -> dict[int, set[tuple[str, int, str]]]:
    """For each upload, by its key, who names it and how: two queries, however many they are."""
    owners = defaultdict(list)
    for upload in uploads:
        owners[upload.folder].append(upload.pk)
    pictures = [upload.pk for upload in uploads if isinstance(upload, Image)]
    for pk in pictures:
        owners[f"#{pk}"].append(pk)
    for former in FormerName.objects.filter(image__in=pictures):
        owners[former.name.partition("/")[0]].append(former.image_id)
    found: dict[int, set[tuple[str, int, str]]] = {upload.pk: set() for upload in uploads}
    for row in Reference.objects.filter(mark__in=list(owners)):
        for pk in owners[row.mark]:
            found[pk].add((row.source, row.key, "cover" if row.mark[0] == "#" else "text"))
    return found


def places(uploads: Collection[Upload], person: Any) -> dict[int, list[Place]]:
    """For each upload where it is used, in the words of the apps, as this person may know it."""
    noted = notes(uploads)
    keys = defaultdict(set)
    for source, key, _how in set().union(*noted.values()):
        keys[source].add(key)
    known = {
        (source.name, key): place
        for source in sources.values()
        if source.name in keys
        for key, place in source.places(keys[source.name], person).items()
    }
    words = {"text": _("text"), "cover": _("cover")}
    found = {}
    for pk, rows in noted.items():
        named = ((known[row[:2]], words[row[2]]) for row in rows if row[:2] in known)
        found[pk] = sorted({Place(f"{place.label} ({how})", place.url) for place, how in named})
    return found
