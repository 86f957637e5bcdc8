"""Letters of other alphabets in their settled Latin form.

Scripts without one (Chinese, Arabic, Thai …) keep their letters: browsers show them as
they are written, and a wrong guess would be worse than none.
"""

import re
import unicodedata
from functools import cache

#: Each letter with what stands for it; the hard and the soft sign leave nothing.
PAIRS = """
    ßss æae œoe øo đd ðd þth łl ıi ħh ŋng ŧt əe ƒf ĸk ſs
    аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy
    ь эe юiu яia іi їi єie ґg ўu ђdj ѓgj љlj њnj ћc ќkj џdz јj ѕdz
    αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo
    აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფp ქk ღgh ყq შsh ჩch ცts ძdz წts
    ჭch ხkh ჯj ჰh
    աa բb գg դd եe զz էe ըy թt ժzh իi լl խkh ծts կk հh ձdz ղgh ճch մm յy նn շsh ոvo չch պp ջj ռr
    սs վv տt րr ցts ւv փp քk օo ֆf ևev
"""
LETTERS = {pair[0]: pair[1:] for pair in PAIRS.split()}
GERMAN = LETTERS | {"ä": "ae", "ö": "oe", "ü": "ue"}

#: The first sounds of a Hangul syllable, its vowels and its last sounds; `-` is none.
HANGUL = (
    "g kk n d tt r m b pp s ss - j jj ch k t p h",
    "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
    "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t",
)
FIRST, VOWEL, LAST = (sounds.split() for sounds in HANGUL)
HEPBURN = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
KANA = re.compile("[\u3041-\u30fa]")


def to_latin(text: str, language: str = "") -> str:
    """Lower-case text with letters turned Latin where there is a settled way."""
    text = unicodedata.normalize("NFC", text).lower().replace("\0", "")
    if not HAN.search(text):  # a title of mixed Japanese stays in one script
        text = _kana_to_latin(text)
    table = GERMAN if language[:2] == "de" else LETTERS
    return "".join(_letter(character, table) for character in text)


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
    return (FIRST[first] + VOWEL[vowel] + LAST[last]).replace("-", "")


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
