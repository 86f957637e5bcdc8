"""What the sample blog says: its texts are Markdown with their data in TOML above, named as the
fields of a post; its people, topics and settings are in `blog.toml`."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FENCE = "+++\n"
#: `[words](post:about)` and `![words](image:tide)`: addresses known only when all is stored.
REFERENCE = re.compile(r"\]\((post|image):([a-z0-9-]+)")
BLOG = tomllib.loads((HERE / "blog.toml").read_text("utf-8"))

Text = dict[str, Any]


def posts() -> list[Text]:
    """Oldest first, as they would have been written. Those without a `day`, which is counted
    from today, are not published."""
    return sorted(_read("posts", author="ines"), key=lambda text: text.get("day", 99))


def pages() -> list[Text]:
    return list(_read("pages", author="ines", kind="page", day=-400, comments_mode="closed"))


def with_addresses(body: str, address: Callable[[str, str], str]) -> str:
    """The text with its references turned into addresses."""
    return REFERENCE.sub(lambda found: f"]({address(found[1], found[2])}", body)


def _read(folder: str, **usual: Any) -> Iterator[Text]:
    for path in sorted((HERE / folder).glob("*.md")):
        _nothing, head, body = path.read_text("utf-8").split(FENCE, 2)
        text = {"slug": path.stem, "state": "published", "body": body.strip() + "\n"}
        yield text | usual | tomllib.loads(head)
