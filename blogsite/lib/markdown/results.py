"""What rendering gives back, and how it refuses. Cheap to import."""

from dataclasses import dataclass


class Refused(ValueError):
    """The text cannot be rendered; the message is a sentence for its writer."""


class TooLong(Refused):
    """More characters than the profile allows."""


class TooComplex(Refused):
    """Within the length, but nested or repeated so that it would take too long."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the table of contents."""

    level: int
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the writer may want to mend, with the line it stands in (from 1).

    `kind`: alt, headings, links or todo; what belongs to none of them has none.
    """

    line: int
    message: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML ready to store and show, and what was learned on the way.

    `text` is everything readable (for search); `opening` is running text only, without
    headings, tables and code (for excerpts). `images` and `links` are addresses, each once.
    """

    html: str
    text: str
    toc: tuple[Heading, ...]
    word_count: int
    images: tuple[str, ...]
    links: tuple[str, ...]
    problems: tuple[Problem, ...]
    opening: str = ""
