"""Bare addresses become links, by the rules of GitHub Flavored Markdown.

`http://`, `https://` and `ftp://` are found while reading, so that `*` and `_` inside an
address stay part of it; `www.` and mail addresses are found in the finished text. Every
search looks a bounded way or moves on past what it read, so none is quadratic.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.common.utils import isLinkClose, isLinkOpen
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .document import with_pieces

BEFORE_WWW = frozenset(" \t\n*_~(")
NOT_BEFORE = re.compile(r"[A-Za-z0-9</@]")
SCHEME_BEFORE = re.compile(r"(?:https?|ftp)$", re.IGNORECASE)
EAST_ASIAN_MARKS = "\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
HOST = re.compile(rf"[^\s!-,/:-@\[-^`{{-\x7f\u2000-\u206f{EAST_ASIAN_MARKS}]+")
ADDRESS = re.compile(rf"[^\s<{EAST_ASIAN_MARKS}]*")
ENTITY_AT_END = re.compile(r"&[A-Za-z]{1,31};$")
LOCAL_BEFORE = re.compile(r"(?:mailto:|xmpp:)?[A-Za-z0-9.+_-]{1,64}$")
MAIL_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,8}")
LONGEST_LOCAL = 71
STEPS_PER_LINK = 8
TRAILING = "?!.,:*_~'\"”’“‘»›«‹"


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.push("web_address", _web_address)
    md.core.ruler.push("plain_addresses", _plain_addresses)


def _web_address(state: StateInline, silent: bool) -> bool:
    pos = state.pos
    if silent or state.linkLevel or not state.src.startswith("://", pos):
        return False
    scheme = SCHEME_BEFORE.search(state.src[max(0, pos - 5) : pos])
    if not scheme or not state.pending.endswith(scheme[0]):
        return False
    start = pos - len(scheme[0])
    if start and NOT_BEFORE.match(state.src[start - 1]):
        return False
    end = _end_of_address(state.src, pos + 3, state.posMax, short_host=True)
    if end is None:
        return False
    address = state.src[start:end]
    state.env["document"].work.spend(STEPS_PER_LINK)
    state.pending = state.pending[: -len(scheme[0])]
    for token in _link(state.md, address, address, state.level):
        pushed = state.push(token.type, token.tag, token.nesting)
        pushed.attrs, pushed.content, pushed.info = token.attrs, token.content, token.info
    state.pos = end
    return True


def _end_of_address(text: str, host_at: int, limit: int, *, short_host: bool) -> int | None:
    host = HOST.match(text, host_at, limit)
    if not host or not _is_host(host[0], short_host):
        return None
    found = ADDRESS.match(text, host.end(), limit)
    return _without_trailing_marks(text, host_at, found.end() if found else host.end())


def _is_host(host: str, short: bool) -> bool:
    labels = host.rstrip(".").split(".")
    if host.startswith(".") or "_" in "".join(labels[-2:]):
        return False
    return short or len(labels) > 1


def _without_trailing_marks(text: str, start: int, end: int) -> int | None:
    surplus = text.count(")", start, end) - text.count("(", start, end)
    while end > start:
        last = text[end - 1]
        entity = ENTITY_AT_END.search(text, max(start, end - 33), end) if last == ";" else None
        if entity:
            end = entity.start()
        elif last in TRAILING or last == ";":
            end -= 1
        elif last == ")" and surplus > 0:
            surplus -= 1
            end -= 1
        else:
            return end
    return None


def _link(md: MarkdownIt, address: str, label: str, level: int) -> list[Token]:
    href = md.normalizeLink(address)
    return [
        Token("link_open", "a", 1, {"href": href}, level=level, info="auto"),
        Token("text", "", 0, content=label, level=level + 1),
        Token("link_close", "a", -1, level=level, info="auto"),
    ]


def _plain_addresses(state: StateCore) -> None:
    for inline in state.tokens:
        if inline.type == "inline" and ("@" in inline.content or "www." in inline.content):
            inline.children = list(_linked(inline.children or [], state))


def _linked(children: list[Token], state: StateCore) -> Iterator[Token]:
    inside = 0
    for token in children:
        if token.type in ("link_open", "link_close"):
            inside += token.nesting
        elif token.type == "html_inline":
            inside += bool(isLinkOpen(token.content)) - bool(isLinkClose(token.content))
        if token.type == "text" and inside <= 0:
            yield from with_pieces(token, _find(token, state))
        else:
            yield token


def _find(token: Token, state: StateCore) -> Iterator[tuple[int, int, list[Token]]]:
    text, past = token.content, 0
    for mark in re.finditer(r"@|www\.", text):
        if mark.start() < past:
            continue
        found = _www(text, mark.start()) if mark[0] == "www." else _mail(text, mark.start())
        if found and found[0] >= past:
            start, past, address = found
            state.env["document"].work.spend(STEPS_PER_LINK)
            yield start, past, _link(state.md, address, text[start:past], token.level)


def _www(text: str, start: int) -> tuple[int, int, str] | None:
    if start and text[start - 1] not in BEFORE_WWW:
        return None
    end = _end_of_address(text, start, len(text), short_host=False)
    return (start, end, "http://" + text[start:end]) if end and end > start + 4 else None


def _mail(text: str, at: int) -> tuple[int, int, str] | None:
    before = LOCAL_BEFORE.search(text, max(0, at - LONGEST_LOCAL), at)
    host = MAIL_HOST.match(text, at + 1)
    if not before or not host or host[0][-1] in "-_":
        return None
    start, end = before.start(), host.end()
    if start and NOT_BEFORE.match(text[start - 1]):
        return None
    if before[0].startswith("xmpp:") and (place := re.compile(r"/[\w@.]+").match(text, end)):
        end = place.end()
    address = text[start:end]
    return start, end, address if ":" in before[0] else "mailto:" + address
