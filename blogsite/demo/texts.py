"""The sample blog's texts: Markdown files beside this module, with their data in TOML above."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FENCE = "+++\n"
#: `[words](post:about)` and `![words](image:tide)`: addresses known only when all is stored.
REFERENCE = re.compile(r"\]\((post|image):([a-z0-9-]+)")


@dataclass(frozen=True, kw_only=True)
class Text:
    slug: str
    title: str
    dek: str
    body: str
    kind: str = "post"
    author: str = "ines"
    co_authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    series: str = ""
    part: int | None = None
    #: Days from today; below nought it is out already. None: not published.
    day: int | None = None
    until: int | None = None
    state: str = "published"
    cover: str = ""
    caption: str = ""
    featured: bool = False
    math: bool = False

    def body_with(self, address: Callable[[str, str], str]) -> str:
        """The text with its references turned into addresses."""
        return REFERENCE.sub(lambda found: f"]({address(found[1], found[2])}", self.body)


def posts() -> list[Text]:
    """Oldest first, as they would have been written."""
    return sorted(_read("posts"), key=lambda text: text.day if text.day is not None else 99)


def pages() -> list[Text]:
    return list(_read("pages", kind="page", day=-400))


def _read(folder: str, **usual: Any) -> Iterator[Text]:
    for path in sorted((HERE / folder).glob("*.md")):
        _nothing, head, body = path.read_text("utf-8").split(FENCE, 2)
        yield Text(slug=path.stem, body=body.strip() + "\n", **usual, **tomllib.loads(head))
