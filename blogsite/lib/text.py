"""Small questions about plain text: addresses, excerpts, how long it takes to read."""

import math
import re
import unicodedata
from collections.abc import Collection

from .transliterate import to_latin

# Words a minute when reading silently; languages that pack more into a word are slower.
READING_SPEED = {"fi": 161, "ar": 138, "he": 187, "de": 179, "pl": 166, "tr": 166, "ru": 184}
USUAL_SPEED = 220
CHARACTERS_PER_WORD = {"CJK": 2.0, "KANA": 2.5, "THAI": 4.5}
WORD = re.compile(r"\w[^\s—–/]*")
SCRIPTS_WITHOUT_SPACES = {
    "CJK": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "KANA": "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "THAI": "\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u109f\u1780-\u17d3",
}
UNSPACED = re.compile("|".join(f"(?P<{k}>[{v}]+)" for k, v in SCRIPTS_WITHOUT_SPACES.items()))
MAYBE_UNSPACED = re.compile("[\u0e01-\u17d3\u3041-\U0003ffff]")  # a quick look
# What writers leave where something is missing: “TK” is the press's “to come”.
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|(?:TK)+)\b")
TODO_IS_A_WORD = {"es", "gl", "pt"}  # "all", which may well be shouted
SENTENCE_END = re.compile(r"[.!?…]['\"’”»)\]]*(?=\s)|[。！？]")


def slugify(title: str, *, language: str = "", longest: int = 80) -> str:
    """The part of an address a title becomes: `Crème brûlée & co` → `creme-brulee-co`.

    Empty when nothing readable is left; the caller then chooses a name.
    """
    text = to_latin(title[: longest * 4].replace("'", "").replace("’", ""), language)
    return _cut_at_word(re.sub(r"[\W_]+", "-", text).strip("-"), longest)


def first_free(base: str, taken: Collection[str]) -> str:
    """`base`, or `base-2`, `base-3`, … : the first that is not taken."""
    candidates = (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def _cut_at_word(slug: str, longest: int) -> str:
    if len(slug) <= longest:
        return slug
    cut = slug[: longest + 1].rpartition("-")[0]
    return cut if len(cut) >= longest // 2 else slug[:longest].rstrip("-")


def excerpt(text: str, limit: int = 200) -> str:
    """The beginning of a text on one line, ending with a sentence or with `…`."""
    line = " ".join(text[: limit * 8].split())
    if len(line) <= limit:
        return line
    ends = [found.end() for found in SENTENCE_END.finditer(line, 0, limit + 1)]
    if ends and limit // 2 <= ends[-1] <= limit:
        return line[: ends[-1]]
    cut = line[:limit].rpartition(" ")[0]
    if len(cut) < limit // 2:
        cut = _whole_characters(line, limit - 1)
    return cut.rstrip(" ,;:–—-") + "…"


def _whole_characters(line: str, end: int) -> str:
    """Cut before marks and joiners that belong to the character before them."""
    joined = ("\u200d", "\ufe0f")
    while end > 1 and (
        unicodedata.combining(line[end]) or line[end] in joined or line[end - 1] == "\u200d"
    ):
        end -= 1
    return line[:end]


def unfinished(text: str, language: str = "en") -> list[str]:
    """The marks that say: here something is missing. `TODO`, `FIXME`, `TK`, `TKTK`."""
    if not any(mark in text for mark in ("TODO", "FIXME", "TK")):
        return []  # a hundred times quicker than the look at every word
    found = UNFINISHED.finditer(text)
    if language[:2] in TODO_IS_A_WORD:
        return [m[0] for m in found if m[0] != "TODO" or text.startswith(":", m.end())]
    return [m[0] for m in found]


def word_count(text: str) -> int:
    """Words; in scripts without spaces, as many as their characters usually make."""
    estimated = 0.0
    unspaced = UNSPACED.finditer(text) if MAYBE_UNSPACED.search(text) else ()
    for run in unspaced:
        estimated += len(run[0]) / CHARACTERS_PER_WORD[run.lastgroup or "CJK"]
    spaced = UNSPACED.sub(" ", text) if estimated else text
    return math.ceil(estimated) + len(WORD.findall(spaced))


def reading_minutes(words: int, language: str = "en") -> int:
    """Minutes to read so many words, at least one."""
    return max(1, round(words / READING_SPEED.get(language[:2], USUAL_SPEED)))
