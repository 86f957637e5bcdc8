"""A text is asked for several times on its way to a page: checked, derived, shown."""

from functools import lru_cache

from django.utils.translation import get_language

from blogsite.lib import markdown
from blogsite.lib.markdown import Rendered
from blogsite.lib.pictures import Picture
from blogsite.media.showing import facts_in, name_in

Facts = dict[str, Picture]


class _Text:
    """What the last rendering of a text gave, and what was known then of its pictures."""

    kept: tuple[Facts, Rendered] | None = None


def rendered(body: str, language: str, math: bool, smart_quotes: bool) -> Rendered:
    """As a post; the last few texts are remembered. Raises `Refused`.

    Asks what there is to know of pictures of ours, if the text names any.
    """
    return _rendered(facts_in(body), body, language, math, smart_quotes)


def read(body: str, language: str, math: bool, smart_quotes: bool) -> Rendered:
    """The same to look it over: its pictures may look otherwise meanwhile."""
    return _rendered(None, body, language, math, smart_quotes)


def _rendered(
    facts: Facts | None, body: str, language: str, math: bool, smart_quotes: bool
) -> Rendered:
    text = _remembered(body, language, math, smart_quotes, get_language())
    if text.kept and facts in (None, text.kept[0]):
        return text.kept[1]
    known = facts or {}
    made = markdown.render(
        body,
        "post",
        language=language,
        math=math,
        smart_quotes=smart_quotes,
        pictures=lambda address: known.get(name_in(address) or ""),
    )
    text.kept = (known, made)
    return made


@lru_cache(maxsize=8)
def _remembered(*text: str | bool | None) -> _Text:
    return _Text()


forget = _remembered.cache_clear
