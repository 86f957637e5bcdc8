"""What somebody typed, as terms: whatever it is, it becomes a question the index can answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Q

from accounts.models import User
from blogsite.lib.text import slugify
from blogsite.lib.words import WORD, all_forms, forms
from posts.models import Tag

LONGEST, MOST_TERMS, MOST_FILTERS = 200, 8, 4
PART = re.compile(
    r'(?P<minus>-?)(?:(?P<name>tag|author|year):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))',
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Term:
    #: As it was typed.
    text: str
    #: Any of these will do; in each, words that stand side by side. A star: or begin so.
    phrases: tuple[str, ...]
    excluded: bool = False
    #: A filter: rows carry it as a word of its own kind, such as #y2026.
    is_mark: bool = False
    #: Of the phrases only the first so many are what was asked for; the others are guesses.
    sure: int = 2

    @property
    def is_word(self) -> bool:
        return not (self.excluded or self.is_mark or " " in self.phrases[0])

    def or_any(self, others: list[str]) -> "Term":
        known = self.phrases
        return replace(self, phrases=(*known, *(o for o in others if o not in known)))


def read(typed: str, language: str) -> list[Term]:
    """The terms; none where nothing is asked for that a text could hold."""
    terms, filters = [], []
    for part in PART.finditer(typed[:LONGEST]):
        text = part["quoted"] if part["quoted"] is not None else part["bare"]
        excluded = bool(part["minus"])
        if part["name"] and text:
            mark = (f"#{mark}" for mark in _marks(part["name"].lower(), text))
            filters.append(Term(text, tuple(mark) or ("#",), excluded, is_mark=True))
        elif phrases := _phrases(text, language, quoted=part["quoted"] is not None):
            terms.append(Term(text, phrases, excluded, sure=len(phrases)))
    found = [*terms[:MOST_TERMS], *filters[:MOST_FILTERS]]
    return found if any(not term.excluded for term in found) else []


def mark(written: str) -> Term:
    """A filter by what rows carry: #t4 for a topic, #a3 for somebody, #y2026 for a year."""
    return Term(written, (written,), is_mark=True)


def _phrases(text: str, language: str, *, quoted: bool) -> tuple[str, ...]:
    """A word as it stands or by its stem; several words exactly as they follow each other."""
    found = WORD.findall(text)
    if len(found) == 1 and not quoted:
        return forms(found[0], language)
    phrase = all_forms(text, language)
    return (phrase,) if phrase else ()


def _marks(name: str, text: str) -> Iterator[str]:
    if name == "year":
        yield f"y{text}" if re.fullmatch(r"\d{4}", text, re.ASCII) else "y0"
        return
    called = Q(slug=slugify(text)) | Q(slug__iexact=text) | Q(name__iexact=text)
    if name == "tag":
        yield from (f"t{tag.pk}" for tag in Tag.objects.filter(called)[:MOST_FILTERS])
    else:
        people = User.objects.filter(called | Q(display_name__iexact=text))
        yield from (f"a{person.pk}" for person in people[:MOST_FILTERS])
