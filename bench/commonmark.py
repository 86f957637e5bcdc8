"""How far the parser follows the specification's own examples.

    python -m bench.commonmark spec.json      # CommonMark's examples as JSON
    python -m bench.commonmark spec.txt       # or the specification's text, GitHub's too

The examples are not ours to carry along: take spec.json from spec.commonmark.org, spec.txt
from the cmark-gfm sources. Compared is the parser of posts with the plain renderer: what
the sanitiser leaves out and what we add (ids, figures, coloured code) is no difference in
reading Markdown. The differences below are wanted; any other one is an error.

GitHub's examples name the extension they are about, and its own runner switches on no other.
So do we with bare addresses: three examples say both that they are text (without the
extension) and, a chapter later, that they are links. The second figure has them on always.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

# By the source of the example, because numbers move between editions.
WANTED = {
    "< https://foo.bar >": "bare addresses are links, as on GitHub",
    "https://example.com": "bare addresses are links, as on GitHub",
    "< http://foo.bar >": "bare addresses are links, as on GitHub",
    "http://example.com": "bare addresses are links, as on GitHub",
    "foo@bar.example.com": "bare mail addresses are links, as on GitHub",
    "foo <!-- not a comment -- two hyphens -->": "a comment since CommonMark 0.31, and on GitHub",
    "foo <!--> foo -->\n\nfoo <!-- foo--->": "comments since CommonMark 0.31",
    "<strong> <title> <style> <em>\n\n<blockquote>\n  <xmp> is disallowed.  <XMP> is also "
    "disallowed.\n</blockquote>": "these tags are left out by the sanitiser, not shown",
}
BARE_ADDRESSES = ["web_address", "plain_addresses"]
LEAST = 648 / 652
EXAMPLE = re.compile(r"^`{32} example([^\n]*)\n(.*?)^\.\n(.*?)^`{32}$", re.DOTALL | re.MULTILINE)


def examples(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Source, HTML, and whether bare addresses are links there."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        yield from ((item["markdown"], item["html"], True) for item in json.loads(text))
        return
    found = EXAMPLE.findall(text.replace("→", "\t"))
    of_github = any("autolink" in extensions for extensions, _source, _html in found)
    for extensions, source, html in found:
        yield source, html, "autolink" in extensions or not of_github


def plain_html(source: str, bare_addresses: bool) -> str:
    from markdown_it.renderer import RendererHTML

    from blogsite.lib.markdown.document import Document
    from blogsite.lib.markdown.parser import parser_for

    parser = parser_for("post", math=False)
    env = {"document": Document(source, "post", "en")}
    with parser.reset_rules():
        if not bare_addresses:
            parser.disable(BARE_ADDRESSES)
        return RendererHTML().render(parser.parse(source, env), parser.options, env)


def comparable(html: str) -> str:
    """The same for what is written differently only: space between tags, alignment, tasks."""
    html = re.sub(r' (?:align="(\w+)"|style="text-align:(\w+)")', r' align="\1\2"', html)
    html = re.sub(r"<(/?)del>", r"<\1s>", html.replace(" />", ">"))
    html = re.sub(r"<input[^>]*>\s*| class=\"(?:contains-)?task-list(?:-item)?\"", "", html)
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip()


def main() -> None:
    from django.conf import settings

    settings.configure(USE_I18N=False)
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    total, different, always_on, unexplained = 0, 0, 0, 0
    for source, expected, bare_addresses in examples(Path(sys.argv[1])):
        total += 1
        got = plain_html(source, bare_addresses)
        always_on += comparable(plain_html(source, True)) != comparable(expected)
        if comparable(got) != comparable(expected):
            different += 1
            reason = WANTED.get(source.rstrip("\n"))
            unexplained += reason is None
            print(f"{source!r}\n  wanted: {reason}" if reason else f"{source!r}\n  {got!r}")
    print(f"{total - different} of {total} examples, {unexplained} differences not explained")
    print(f"{total - always_on} of {total} with bare addresses as links everywhere")
    sys.exit(bool(unexplained) or total == 0 or (total - different) / total < LEAST)


if __name__ == "__main__":
    main()
