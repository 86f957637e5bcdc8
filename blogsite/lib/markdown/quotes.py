"""Straight quotation marks, dashes and dots become those of the text's language.

One pass over each paragraph's characters: a quote opens after a space or an opening mark,
closes otherwise; what never finds its partner stays an apostrophe. Code, addresses and raw
HTML are not touched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from .document import Document

THIN = "\u202f"  # narrow no-break space, inside French quotes and before ! ? ;
Quotes = tuple[str, ...]  # double opening and closing, single opening and closing
ENGLISH = ("“", "”", "‘", "’")
MARKS_OF = {
    "„ “ ‚ ‘": "cs de et hr is lt sk sl", "„ “ ’ ’": "bg", "„ ” ‚ ’": "pl", "„ ” « »": "ro",
    "„ ” » «": "hu", "« » ‹ ›": "de-ch fa", "« » “ ”": "ca el es it", "« » „ “": "be ru uk",
    "« » ‘ ’": "nb nn no", "» « › ‹": "da", "” ” ’ ’": "fi he sv", "“ ” ‘ ’": "lv pt",
    f"«{THIN} {THIN}» “ ”": "fr", f"«{THIN} {THIN}» ‹ ›": "fr-ch",
}  # fmt: skip
QUOTES = {
    language: tuple(marks.split(" "))
    for marks, languages in MARKS_OF.items()
    for language in languages.split()
}
APOSTROPHE = "’"
OTHERS = {"...": "…", "'n'": "’n’"}
INCH, FOOT = "″", "′"
FIRST_EAST_ASIAN = "\u2e80"  # no spaces around quotes there
OPENING = frozenset(" \t\n\u00a0\u202f([{<–—-/=\u2018\u201c„‚«‹»›¿¡")
MARKS = re.compile(r"'n'(?=\s)|[\"']|\.\.\.|-{2,}")
FRENCH_SPACE = re.compile(r" (?=[?!;:»])")
OTHER = "\ufffc"  # stands for a piece that is not text, such as code


@dataclass(slots=True)
class _Mark:
    text: str
    before: str
    after: str
    adjacent: bool  # right after the mark before it
    result: str = ""
    opening: bool = False


def set_quotes(tokens: list[Token], document: Document) -> None:
    quotes = _quotes(document.language)
    for inline in tokens:
        if inline.type == "inline" and inline.children:
            if marks := len(MARKS.findall(inline.content)):
                document.work.spend(marks)
                _set_inline(inline.children, quotes)
            if document.language[:2] == "fr":
                _set_french_spaces(inline.children)


def _quotes(language: str) -> Quotes:
    code = language.lower().replace("_", "-")
    return QUOTES.get(code) or QUOTES.get(code.partition("-")[0]) or ENGLISH


def _set_french_spaces(children: list[Token]) -> None:
    for token in children:
        if token.type == "text":
            token.content = FRENCH_SPACE.sub(THIN, token.content)


def _set_inline(children: list[Token], quotes: Quotes) -> None:
    pieces = list(_pieces(children))
    line = "".join(text for _token, text in pieces)
    marks: list[_Mark] = []
    offset, last_end = 0, -1
    for token, text in pieces:
        for found in MARKS.finditer(text) if token else ():
            at, end = offset + found.start(), offset + found.end()
            before, after = line[at - 1 : at] or " ", line[end : end + 1] or " "
            marks.append(_Mark(found[0], before, after, at == last_end))
            last_end = end
        offset += len(text)
    _choose(marks, quotes)
    results = iter(marks)
    for token, text in pieces:
        if token:
            token.content = MARKS.sub(lambda _found: next(results).result, text)


def _pieces(children: list[Token]) -> Iterator[tuple[Token | None, str]]:
    """Each piece with the characters its neighbours see; only text may be changed."""
    inside_address = False
    for token in children:
        if token.type in ("link_open", "link_close") and token.info == "auto":
            inside_address = token.type == "link_open"
        if token.type == "text" and not inside_address:
            yield token, token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield None, "\n"
        elif token.type in ("text", "code_inline", "image", "keys", "math_inline"):
            yield None, OTHER


def _choose(marks: list[_Mark], quotes: Quotes) -> None:
    unclosed: list[_Mark] = []
    previous = None
    for mark in marks:
        opens = mark.before in OPENING
        if previous and mark.adjacent and previous.text in "\"'":
            opens = previous.opening
        opens = opens and not mark.after.isspace()
        if mark.text == '"':
            _double(mark, opens, unclosed, quotes)
        elif mark.text == "'":
            _single(mark, opens, unclosed, quotes)
        else:
            mark.result = _other(mark)
        previous = mark


def _other(mark: _Mark) -> str:
    if mark.text in OTHERS:
        return OTHERS[mark.text]
    an_option = mark.before.isspace() and mark.after.isalnum()  # such as --help
    return {2: "--" if an_option else "–", 3: "—"}.get(len(mark.text), mark.text)


def _double(mark: _Mark, opens: bool, unclosed: list[_Mark], quotes: Quotes) -> None:
    is_open = any(opener.text == '"' for opener in unclosed[-2:])
    if not is_open and (opens or mark.before >= FIRST_EAST_ASIAN):
        mark.result, mark.opening = quotes[0], True
        unclosed.append(mark)
    elif is_open and not mark.before.isspace():
        while unclosed.pop().text != '"':
            pass
        mark.result = quotes[1]
    elif mark.before.isdecimal():
        mark.result = INCH
    else:
        inside_word = mark.before.isalnum() and mark.after.isalnum()
        mark.result = mark.text if inside_word or mark.before.isspace() else quotes[1]


def _single(mark: _Mark, opens: bool, unclosed: list[_Mark], quotes: Quotes) -> None:
    mark.result = APOSTROPHE
    if mark.before.isdecimal() and mark.after.isdecimal():
        mark.result = FOOT
    elif (mark.before.isalnum() and mark.after.isalnum()) or (opens and mark.after.isdecimal()):
        return
    elif opens and not (unclosed and unclosed[-1].text == "'"):
        mark.opening = True
        unclosed.append(mark)
    elif unclosed and unclosed[-1].text == "'" and not mark.before.isspace():
        unclosed.pop().result = quotes[2]
        mark.result = quotes[3]
