"""The words of a text's first paragraphs, read from stored HTML by a parser."""

from html.parser import HTMLParser

READ_AT_ONCE = 4_096  # the beginning is enough of a long text


class _Paragraphs(HTMLParser):
    """Raised numbers are calls of notes, and no words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False
        self.raised = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "p":
            self.inside = True
            self.found.append("")
        self.raised += tag == "sup"

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.inside = False
        self.raised -= tag == "sup"

    def handle_data(self, data: str) -> None:
        if self.inside and not self.raised:
            self.found[-1] += data


def paragraphs(html: str, count: int) -> list[str]:
    parser = _Paragraphs()
    for start in range(0, len(html), READ_AT_ONCE):
        parser.feed(html[start : start + READ_AT_ONCE])
        if len(parser.found) > count:
            break
    return parser.found[:count]
