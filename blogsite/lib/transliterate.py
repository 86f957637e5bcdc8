"""Letters of other alphabets in their settled Latin form.

Scripts without one (Chinese, Arabic, Thai …) keep their letters: browsers show them as
they are written, and a wrong guess would be worse than none.
"""

import re
import unicodedata
from functools import cache


def _table(letters: str, latin: str) -> dict[str, str]:
    """Pair each letter with its Latin form; `-` stands for nothing."""
    return dict(zip(letters, latin.replace("-", "\0").split(), strict=True))


LETTERS = (
    _table("ßæœøđðþłıħŋŧəƒĸſ", "ss ae oe o d d th l i h ng t e f k s")
    | _table(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўђѓљњћќџјѕ",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia "
        "i i ie g u dj gj lj nj c kj dz j dz",
    )
    | _table("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
    | _table(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h",
    )
    | _table(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
        "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh vo ch p j r s v t r ts v p k o f ev",
    )
)
GERMAN = LETTERS | _table("äöü", "ae oe ue")

HANGUL_FIRST = _table("".join(map(chr, range(19))), "g kk n d tt r m b pp s ss - j jj ch k t p h")
HANGUL_VOWEL = _table(
    "".join(map(chr, range(21))),
    "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
)
HANGUL_LAST = _table(
    "".join(map(chr, range(28))), "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
)
HEPBURN = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
KANA = re.compile("[\u3041-\u30fa]")


def to_latin(text: str, language: str = "") -> str:
    """Lower-case text with letters turned Latin where there is a settled way."""
    text = unicodedata.normalize("NFC", text).lower().replace("\0", "")
    if not HAN.search(text):  # a title of mixed Japanese stays in one script
        text = _kana_to_latin(text)
    table = GERMAN if language[:2] == "de" else LETTERS
    return "".join(_letter(character, table) for character in text).replace("\0", "")


def _letter(character: str, table: dict[str, str]) -> str:
    if character.isascii():
        return character
    if character in table:
        return table[character]
    if "가" <= character <= "힣":
        return _hangul(ord(character) - ord("가"))
    parts = unicodedata.normalize("NFKD", character).lower()
    return "".join(table.get(c, c) for c in parts if unicodedata.category(c)[0] != "M")


def _hangul(index: int) -> str:
    first, rest = divmod(index, 21 * 28)
    vowel, last = divmod(rest, 28)
    return HANGUL_FIRST[chr(first)] + HANGUL_VOWEL[chr(vowel)] + HANGUL_LAST[chr(last)]


def _kana_to_latin(text: str) -> str:
    latin = KANA.sub(lambda kana: _kana(kana[0]), text)
    latin = re.sub("(sh|ch|j)i\0y", r"\1", latin)
    return re.sub("i?\0", "", latin)


@cache
def _kana(character: str) -> str:
    """Unicode names kana by their sound; the small ones join the letter before (NUL)."""
    name = unicodedata.name(character, "").lower()
    if "letter" not in name or name.endswith("small tu"):
        return ""
    sound = name.rsplit(" ", 1)[1]
    return "\0" + sound if "small" in name else HEPBURN.get(sound, sound)
