"""Two people wrote at once: both texts side by side, and one made of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from blogsite.lib import merge
from blogsite.lib.diff import compare
from posts.admin.pages import page
from posts.admin.typed import FIELDS, Typed, as_typed, typed
from posts.models import Post, Version
from posts.numbers import number, numbers
from posts.services import autosaving

SIDES = ("mine", "theirs", "both")
#: Buttons and choices of the merge page itself.
OURS = re.compile(r"_|f-|merge_|csrfmiddlewaretoken|kept_at|p\d+$")
#: Of two lists both can be kept; of two titles not.
LISTS = ("tags", "co_writers")


@dataclass(frozen=True)
class Choice:
    """A field that both sides hold differently."""

    name: str
    label: str
    mine: str
    theirs: str
    side: str

    @property
    def may_be_both(self) -> bool:
        return self.name in LISTS


@dataclass(frozen=True)
class Place:
    """A passage of the text; `number` only where there is something to choose."""

    number: int
    passage: merge.Passage
    side: str

    @property
    def mine(self) -> SafeString:
        return self._marked("added", self.passage.mine)

    @property
    def theirs(self) -> SafeString:
        return self._marked("removed", self.passage.theirs)

    def _marked(self, kind: str, text: str) -> SafeString:
        """One side, with the words marked that the other does not have."""
        if not (self.passage.mine and self.passage.theirs):
            return format_html("{}", text.strip("\n"))
        parts = compare(self.passage.theirs, self.passage.mine).parts
        marks = {"same": "{}", kind: "<mark>{}</mark>"}
        own = [part for part in parts if part.kind in marks]
        return format_html_join("", "{}", ((format_html(marks[p.kind], p.text),) for p in own))


def compared(admin: Any, request: HttpRequest, post: Post, theirs: Version) -> HttpResponse:
    """Both texts with a choice at each difference. Nothing is saved here."""
    base_number = request.POST.get("merge_base") or request.POST.get("base_number")
    base, mine = _base(post, base_number), typed(request.POST)
    take = request.POST.get("_take", "")
    passages = _passages(base, mine, as_typed(theirs.content))
    places = [Place(n, one, take or one.side) for n, one in enumerate(passages)]
    known = admin.get_form(request, post).base_fields
    fields = list(_fields(base, mine, as_typed(theirs.content), known, take))
    differing = [place for place in places if not place.passage.is_same]
    kept = autosaving.kept(post, request.user)  # type: ignore[arg-type]
    return page(
        admin,
        request,
        "post/merge",
        _("%(who)s saved this text while you were writing") % {"who": _who(theirs)},
        original=post,
        kept_at=kept.saved_at.isoformat() if kept else "",
        who=_who(theirs),
        theirs=theirs,
        base_number=base_number,
        places=places,
        fields=fields,
        differences=len(differing) + len(fields),
        sent=[(name, value) for name, values in _sent(request.POST) for value in values],
        was_going_out="_publish" in request.POST,
    )


def again(admin: Any, request: HttpRequest, post: Post) -> HttpResponse:
    """The merge page once more, with one side chosen everywhere."""
    theirs = _version(post, request.POST.get("merge_with")) or post.newest_version()
    return compared(admin, request, post, theirs)


def chosen(post: Post, sent: QueryDict) -> QueryDict:
    """What the merge page sent, as if the writing form had sent the merged text."""
    merged = sent.copy()
    theirs = _version(post, sent.get("merge_with"))
    if theirs is None:
        return merged
    base, mine, other = _base(post, sent.get("merge_base")), typed(sent), as_typed(theirs.content)
    passages = _passages(base, mine, other)
    choices = {n: str(sent.get(f"p{n}", "")) for n in range(len(passages))}
    choices = {n: side for n, side in choices.items() if side in SIDES}
    merged["body"] = merge.merged(passages, choices)
    for name in FIELDS:
        if name != "body" and f"f-{name}" in sent:
            merged.setlist(name, _taken(name, str(sent[f"f-{name}"]), mine, other))
    merged["base_number"] = str(theirs.number)
    merged.pop("merge_base")
    return merged


def _taken(name: str, side: str, mine: Typed, theirs: Typed) -> list[str]:
    ours, others = mine.get(name, []), theirs.get(name, [])
    if side == "both":
        return list(dict.fromkeys([*ours, *others]))
    return others if side == "theirs" else ours


def _passages(base: Typed, mine: Typed, theirs: Typed) -> list[merge.Passage]:
    texts = ("\n".join(values.get("body", [""])) for values in (base, mine, theirs))
    return merge.merge(*texts)


def _fields(base: Typed, mine: Typed, theirs: Typed, known: Any, take: str) -> Iterator[Choice]:
    for name in FIELDS:
        ours, others = mine.get(name, []), theirs.get(name, [])
        if name == "body" or name not in known or _alike(ours, others):
            continue
        side = "theirs" if _alike(ours, base.get(name, [])) else "mine"
        field = known[name]
        label, words = str(field.label), [in_words(field, values) for values in (ours, others)]
        yield Choice(name, label, words[0], words[1], take or side)


def in_words(field: Any, values: list[str]) -> str:
    """What a person would call these values: names instead of keys."""
    if hasattr(field, "queryset"):
        rows = field.queryset.filter(pk__in=numbers(values))
        return ", ".join(str(row) for row in rows)
    if field.__class__.__name__ == "BooleanField":
        return _("Yes") if values else _("No")
    return ", ".join(values)


def _alike(ours: list[str], others: list[str]) -> bool:
    return [v for v in ours if v] == [v for v in others if v] or set(ours) == set(others)


def _base(post: Post, number: str | None) -> Typed:
    version = _version(post, number)
    return as_typed(version.content) if version else {}


def _version(post: Post, sent: Any) -> Version | None:
    found = number(sent)
    return None if found is None else post.versions.filter(number=found).first()


def _sent(sent: QueryDict) -> Iterator[tuple[str, list[str]]]:
    """Everything the form sent, to be sent again with the choices."""
    for name, values in sent.lists():
        if not OURS.match(name):
            yield name, values


def _who(version: Version) -> str:
    return str(version.author or _("Somebody"))
