"""From what was typed to posts in a sensible order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from blogsite.lib.words import forms
from blogsite.site.models import SiteSettings
from posts.search import tables
from posts.search.query import Term, read

#: So many of the newest posts with the words are looked at, and of those with them in the title.
MOST, MOST_IN_HEAD = 200, 100
#: What the last word may be the beginning of.
SHORTEST_BEGINNING, MOST_BEGUN = 3, 30
#: How much a word counts by where it stands; what is found by a guess counts half.
IN_TITLE, IN_TAGS, IN_HEADINGS, IN_TEXT = 16, 8, 4, 1
#: Shorter words are as near to each other as they are to a slip.
SHORTEST_MISTAKEN, LONG_ENOUGH_FOR_TWO = 4, 8
MOST_MISTAKES, MOST_CORRECTIONS = 3, 8


@dataclass(frozen=True)
class Hit:
    pk: int
    published_at: datetime | None
    score: int


@dataclass(frozen=True)
class Found:
    terms: list[Term] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    #: There are older ones that were not looked at.
    more: bool = False
    #: What was probably meant, where nothing holds what was typed: the hits are for that.
    meant: str = ""

    @property
    def wanted(self) -> set[str]:
        """The words to mark in an excerpt."""
        terms = (term for term in self.terms if not (term.excluded or term.is_mark))
        return {word for term in terms for phrase in term.phrases for word in phrase.split()}


def search(
    typed: str,
    *,
    visible: QuerySet[Any],
    at_desk: bool = False,
    also: Sequence[Term] = (),
    limit: int = MOST,
) -> Found:
    """Posts of `visible` that hold what was typed, best first, at most `limit` and the newest.

    `also` narrows it down further. At the desk what is not out yet is found, too.
    """
    language = SiteSettings.current().language
    terms = read(typed, language)
    if not terms and (typed.strip() or not also):
        return Found()
    asked = [*terms[:-1], *(_begun(term, at_desk) for term in terms[-1:]), *also]
    found = _found(asked, visible, at_desk, limit)
    if found.hits or at_desk:
        return found
    return _corrected(typed, [*terms, *also], visible, language) or found


def _begun(term: Term, at_desk: bool) -> Term:
    """Somebody may still be typing the last word. The desk saves a statement where readers are
    saved from a beginning that thousands of words share."""
    word = term.phrases[0]
    if not term.is_word or len(word) < SHORTEST_BEGINNING:
        return term
    return term.or_any([f"{word}*"] if at_desk else tables.words_begun(word, MOST_BEGUN))


def _found(terms: list[Term], visible: QuerySet[Any], at_desk: bool, limit: int) -> Found:
    rows = tables.find(terms, visible=visible, at_desk=at_desk, limit=limit)
    head = []
    if len(rows) == limit and any(not (term.excluded or term.is_mark) for term in terms):
        head = tables.find(terms, visible=visible, in_head=True, limit=MOST_IN_HEAD)
    hits: dict[int, Hit] = {}
    for pk, published_at, *fields in [*rows, *head]:
        score = sum(_score(term, fields) for term in terms)
        if pk not in hits or hits[pk].score < score:
            hits[pk] = Hit(pk, published_at, score)
    return Found(terms, sorted(hits.values(), key=_rank, reverse=True), len(rows) == limit)


def _rank(hit: Hit) -> tuple[int, float, int]:
    return hit.score, hit.published_at.timestamp() if hit.published_at else 0.0, hit.pk


def _score(term: Term, fields: list[str]) -> int:
    if term.excluded or term.is_mark:
        return 0
    for weight, words in zip((IN_TITLE, IN_TAGS, IN_HEADINGS), fields, strict=True):
        words = f" {words} "
        there = [f" {phrase} " in words for phrase in term.phrases]
        if any(there):
            return weight if any(there[: term.sure]) else weight // 2
    return IN_TEXT


# -- where nothing holds what was typed ----------------------------------------------------------


def _corrected(
    typed: str, terms: list[Term], visible: QuerySet[Any], language: str
) -> Found | None:
    """The same with words that somebody may find in place of those that nobody can.

    The words the index knows stand in drafts as well: one is offered only where it finds.
    """
    mended, meant, left = [], typed, MOST_MISTAKES
    for term in terms:
        # One word alone has just been looked for.
        if left and term.is_word and (len(terms) == 1 or not _finds(term, visible)):
            left -= 1
            word = _meant(term.phrases[0], visible, language)
            if word:
                meant = meant.replace(term.text, word, 1)
                term = replace(term, phrases=forms(word, language))
        mended.append(term)
    if meant == typed:
        return None
    found = _found(mended, visible, False, MOST)
    return replace(found, meant=meant) if found.hits else None


def _finds(term: Term, visible: QuerySet[Any]) -> bool:
    # Asked for one alone, PostgreSQL would go through all posts for a word that none has.
    return bool(tables.find([term], visible=visible, limit=MOST))


def _meant(word: str, visible: QuerySet[Any], language: str) -> str:
    if len(word) < SHORTEST_MISTAKEN:
        return ""
    most = 2 if len(word) >= LONG_ENOUGH_FOR_TWO else 1
    near = [(slips(word, one, most), one) for one in tables.words_near(word, most)]
    for apart, one in sorted(near)[:MOST_CORRECTIONS]:
        if apart <= most and _finds(Term(one, forms(one, language)), visible):
            return one
    return ""


def slips(one: str, other: str, most: int) -> int:
    """How many slips of the pen lie between two words, two letters in the wrong order being one;
    more than `most` are not counted exactly."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, letter in enumerate(one, 1):
        earlier, before, row = before, row, [n]
        for m, right in enumerate(other, 1):
            least = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (letter != right))
            if n > 1 and m > 1 and letter == other[m - 2] and one[n - 2] == right:
                least = min(least, earlier[m - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]
