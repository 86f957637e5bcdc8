from dataclasses import dataclass

from blogsite.site.checklist import Check


@dataclass(frozen=True)
class Finding:
    """One entry of the check list, and the place it is about."""

    check: Check
    message: str
    target: str = "id_body"  # of the field in the form
    line: int | None = None  # of the text, from 1
    stops: bool = False
    #: Worth knowing, and nothing wrong: it never stops a post and is no problem of it.
    hint: bool = False
