"""Whether a text is running prose and no more, told from its stored HTML."""

import re

# The list says what prose has, so that whatever else the renderer makes, now or one day, is more.
# Of all classes those of pictures: their colour, and what must stay in sight.
MORE = re.compile(
    r"<(?!/?(?:a|abbr|b|blockquote|br|em|fig\w+|h[2-6r]|i|img|li|[ou]l|p|picture|s|source|strong)[\s>])"
    r'|class="(?!(?:(?:[rgb]|f[xy])\d+ ?)+")'
)


def is_simple(html: str) -> bool:
    return not MORE.search(html)
