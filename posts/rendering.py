"""A text is asked for several times on its way to a page: checked, derived, shown."""

from functools import lru_cache

from django.utils.translation import get_language

from blogsite.lib import markdown
from blogsite.lib.markdown import Rendered


def rendered(body: str, language: str, math: bool, smart_quotes: bool) -> Rendered:
    """As a post; the last few texts are remembered. Raises `Refused`."""
    return _remembered(body, language, math, smart_quotes, get_language())


@lru_cache(maxsize=8)
def _remembered(
    body: str, language: str, math: bool, smart_quotes: bool, problems_in: str | None
) -> Rendered:
    return markdown.render(body, "post", language=language, math=math, smart_quotes=smart_quotes)


forget = _remembered.cache_clear
