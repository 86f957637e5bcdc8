"""Places in Markdown where script could ride along, and ways to break out of them."""

from collections.abc import Iterator
from itertools import product

PAYLOADS = [
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg/onload=hit()>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<details open ontoggle=hit()>",
    "<style onload=hit()></style>",
    "<a href=javascript:hit() id=click>x</a>",
    "<form action=javascript:hit()><button id=click>",
    "<math><mtext><table><mglyph><style><img src=x onerror=hit()>",
    "<svg><style><img src=x onerror=hit()>",
    "javascript:hit()",
    "java\tscript:hit()",
    "data:text/html,<script>hit()</script>",
]
BREAK_OUTS = [
    "", '">', "'>", "-->", "--!>", "]]>", "`", "```\n", "\n\n", "\\", "&quot;&gt;", '" onx=" ',
    "</title>", "</textarea>", "</style>", "</script>", "</noscript>", "</template>", "</math>",
    "</svg>", "</p>", "</table>", "</select>", ")", "]", "}", "|", "$", "\x00", "\u2028", "%22%3E",
]  # fmt: skip
CARRIERS = [
    "{}", "a {} b", "`{}`", "``` {}\nx\n```", "```python file=\"{}\"\nx\n```", "```html\n{}\n```",
    "    {}", "[{}](/a)", "[a]({})", "[a](<{}>)", "[a](/b '{}')", "![{}](/a)", "![a]({})",
    "![a](/b \"{}\")", "![a](/b){{{}}}", "<{}>", "[r]: {}\n\n[r]", "[r]: /a \"{}\"\n\n![r]",
    "| {} |\n|---|\n| {} |", "|a|\n|-|\n\nTable: {}", "> [!NOTE]\n> {}", "> {}", "- [ ] {}",
    "## {}", "## a {{#{}}}", "[TOC]\n\n## {}", "a[^{}]\n\n[^{}]: b", "a[^b]\n\n[^b]: {}", "^[{}]",
    "*[A]: {}\n\nA", "++{}++", "A {} \"quoted\" -- it's", "$ {} $", "${}$", "$\\text{{{}}}$",
    "$$\n\\mathrm{{{}}}\n$$", "term\n: {}", "http://a.example/{}", "<http://a.example/{}>",
    "https://youtu.be/{}", "https://a.example/@{}/1234567", "me@{}.example",
    "<b title='{}'>", '<b title="{}">', "<b {}>x</b>", "<a href='{}'>x</a>", '<img src="{}">',
    "<img alt=`{}`>", "<video poster='{}'>", "<blockquote cite='{}'>", "<i id='{}'>",
    "<details><summary>{}</summary>", "<!-- {} -->", "<? {} ?>", "<![CDATA[ {} ]]>", "<!X {}>",
    "<title>{}</title>", "<textarea>{}</textarea>", "<style>{}</style>", "<script>{}</script>",
    "<noscript>{}</noscript>", "<xmp>{}</xmp>", "<plaintext>{}", "<template>{}</template>",
    "<iframe>{}</iframe>", "<noembed>{}</noembed>", "<select><option>{}</select>",
    "<svg>{}</svg>", "<svg><desc>{}", "<svg><foreignObject>{}", "<math>{}</math>",
    "<math><mi>{}", "<math><annotation-xml encoding='text/html'>{}", "<table><tr>{}",
    "<table><caption>{}", "<p><div>{}</p>", "<b><p>{}</b>", "<a href=/x><a href='{}'>",
]  # fmt: skip


def texts(every: int = 1) -> Iterator[str]:
    """All without a break-out, and of those with one, one in so many."""
    combinations = product(CARRIERS, BREAK_OUTS, PAYLOADS)
    for number, (carrier, break_out, payload) in enumerate(combinations):
        if not break_out or number % every == 0:
            rider = break_out + payload
            yield carrier.format(*[rider] * carrier.count("{}"))
