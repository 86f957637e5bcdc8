"""The words of a text as a search compares them: without case and accents, and by their stems."""

import re
from collections.abc import Iterator
from functools import lru_cache
from threading import local
from typing import Any
from unicodedata import normalize

from .text import SCRIPTS_WITHOUT_SPACES

#: They give a word for each character: neighbours are found as a phrase.
UNSPACED = "".join(SCRIPTS_WITHOUT_SPACES.values())
MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff"
WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\W_]|[{MARKS}])+")
LONGEST_WORD = 60
_here = local()


def words(text: str) -> Iterator[re.Match[str]]:
    return WORD.finditer(text)


def all_forms(text: str, language: str) -> str:
    """Every word as it stands, each followed by its stem where that is another."""
    return " ".join(form for word in WORD.findall(text) for form in forms(word, language))


@lru_cache(maxsize=20_000)
def forms(word: str, language: str) -> tuple[str, ...]:
    """The word and its stem: one, two, or of what is no word after all none."""
    word = word[:LONGEST_WORD].casefold()
    plain, stem = _plain(word), _plain(_stem(word, language))
    return tuple(dict.fromkeys(form for form in (plain, stem) if form))


def _plain(word: str) -> str:
    if word.isascii():
        return word
    return "".join(sign for sign in normalize("NFKD", word) if sign.isalnum())


def _stem(word: str, language: str) -> str:
    code = language.partition("-")[0]
    stemmer = _stemmer("no" if code in ("nb", "nn") else code)
    return stemmer.stemWord(word) if stemmer else word


def _stemmer(code: str) -> Any:
    """One for each thread, as they remember where they are in a word; None of no language known."""
    made = vars(_here)
    if code not in made:
        from Stemmer import Stemmer

        try:
            made[code] = Stemmer(code, 0)
        except KeyError:
            made[code] = None
    return made[code]
