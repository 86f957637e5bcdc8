"""The words of a text as a search compares them: without case and accents, and by their stems."""

import re
from collections.abc import Iterator
from functools import lru_cache
from threading import local
from typing import Any
from unicodedata import normalize

#: Scripts without spaces give a word for each character: neighbours are found as a phrase.
UNSPACED = (
    "\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u109f\u1780-\u17d3"
    "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff"
WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\W_]|[{MARKS}])+")
LONGEST_WORD = 60
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
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
    name = STEMMERS.get(language.partition("-")[0])
    return _stemmer(name).stemWord(word) if name else word


def _stemmer(name: str) -> Any:
    """One for each thread, as they remember where they are in a word."""
    made = vars(_here)
    if name not in made:
        from Stemmer import Stemmer

        made[name] = Stemmer(name, 0)
    return made[name]
