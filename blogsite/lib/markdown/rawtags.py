"""Reading raw HTML: text and tags, one after the other.

Every character is looked at a bounded number of times: markup that never ends is taken as
text to its end, so that no second attempt can follow.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
ATTRIBUTE = re.compile(r"[\s/]*([^\s\"'<>/=]+)(?:\s*=\s*([\"']|[^\s\"'=<>`]+))?")
TAG_END = re.compile(r"[\s/]*(.?)", re.DOTALL)
# What is neither text nor a tag: comments and the like, with their ends.
LEFT_OUT = {"<!-->": "", "<!--->": "", "<!--": "-->", "<![": "]]>", "<!": ">", "<?": ">"}
HIDDEN_CONTENT = {"script", "style", "iframe", "noscript", "noembed", "noframes", "template"}


@dataclass(slots=True)
class Tag:
    name: str
    closing: bool
    attributes: dict[str, str] = field(default_factory=dict)


class _NotATag(Exception):
    """The `<` is only a sign."""


class _Unfinished(Exception):
    """The source ends inside the markup."""


def read(source: str) -> Iterator[str | Tag]:
    """Text (unescaped) and tags; what hides its content takes it along."""
    pos = 0
    while (start := source.find("<", pos)) >= 0:
        yield html.unescape(source[pos:start])
        try:
            tag, pos = _markup(source, start)
        except _NotATag:
            tag, pos = None, start + 1
            yield "<"
        except _Unfinished:
            yield html.unescape(source[start:])
            return
        if tag:
            yield tag
    yield html.unescape(source[pos:])


def _markup(source: str, start: int) -> tuple[Tag | None, int]:
    for opening, ending in LEFT_OUT.items():
        if source.startswith(opening, start):
            return None, _after(source, ending, start + len(opening))
    closing = source.startswith("/", start + 1)
    name = NAME.match(source, start + 1 + closing)
    if not name:
        raise _NotATag
    tag = Tag(name[0].lower(), closing)
    pos = _read_attributes(source, name.end(), tag.attributes)
    if tag.name in HIDDEN_CONTENT and not closing:
        end = re.compile(rf"</{tag.name}[\s>]", re.IGNORECASE).search(source, pos)
        pos = end.start() if end else len(source)
    return tag, pos


def _after(source: str, ending: str, pos: int) -> int:
    end = source.find(ending, pos)
    if end < 0:
        raise _Unfinished
    return end + len(ending)


def _read_attributes(source: str, pos: int, found: dict[str, str]) -> int:
    """Fill in the attributes of a tag; returns the place after its `>`."""
    while attribute := ATTRIBUTE.match(source, pos):
        pos, value = attribute.end(), attribute[2] or ""
        if value in ('"', "'"):
            end = _after(source, value, pos)
            value, pos = source[pos : end - 1], end
        found.setdefault(attribute[1].lower(), html.unescape(value))
    end_of_tag = TAG_END.match(source, pos)
    if not end_of_tag or not end_of_tag[1]:
        raise _Unfinished
    if end_of_tag[1] != ">":
        raise _NotATag
    return end_of_tag.end()
