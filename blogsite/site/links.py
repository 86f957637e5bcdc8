"""A short list of links, kept as data and edited as plain lines: `About us /about/`."""

from collections.abc import Iterable
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.urls import get_script_prefix
from django.utils.translation import gettext_lazy as _

LABEL_LENGTH = 40
ADDRESS_LENGTH = 300
PLACES = ("/", "https://", "http://")
PEOPLE = ("https://", "http://", "mailto:")


class Link(TypedDict):
    label: str
    address: str


def parse(text: str) -> list[Link]:
    """One link a line: the last word is the address, what stands before it the label."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return [{"label": " ".join(words[:-1]), "address": words[-1]} for words in lines]


def as_text(links: Iterable[Link]) -> str:
    return "\n".join(f"{link['label']} {link['address']}" for link in links)


def check(links: object, *, begins: tuple[str, ...], most: int) -> None:
    """Raise one sentence for each line that cannot be a link."""
    if not isinstance(links, list) or not all(_is_link(link) for link in links):
        raise ValidationError(_("This is not a list of links."), code="no_list")
    if len(links) > most:
        raise ValidationError(
            _("%(count)d links are too many; %(most)d fit."),
            code="too_many",
            params={"count": len(links), "most": most},
        )
    problems = [p for n, link in enumerate(links, 1) if (p := _problem(n, link, begins))]
    if problems:
        raise ValidationError(problems)


def href(address: str) -> str:
    """Paths are stored without the prefix under which the site is mounted."""
    return get_script_prefix() + address[1:] if address.startswith("/") else address


def _is_link(link: object) -> bool:
    return (
        isinstance(link, dict)
        and set(link) == {"label", "address"}
        and all(isinstance(value, str) for value in link.values())
    )


def _problem(number: int, link: Link, begins: tuple[str, ...]) -> ValidationError | None:
    label, address = link["label"], link["address"]
    params = {
        "line": number,
        "text": f"{label} {address}".strip(),
        "begins": ", ".join(begins),
        "length": LABEL_LENGTH,
    }
    if not label:
        message = _("Line %(line)d, “%(text)s”: write a name and then the address.")
    elif len(label) > LABEL_LENGTH:
        message = _("Line %(line)d, “%(text)s”: %(length)d characters are enough for a name.")
    elif not _is_address(address, begins):
        message = _("Line %(line)d, “%(text)s”: the address begins with one of %(begins)s")
    else:
        return None
    return ValidationError(message, code="bad_line", params=params)


def _is_address(address: str, begins: tuple[str, ...]) -> bool:
    # `//host` and `/\host` lead to another host: they are no paths.
    return (
        address.startswith(begins)
        and not address.startswith(("//", "/\\"))
        and address not in {"https://", "http://", "mailto:"}
        and address.isprintable()
        and len(address) <= ADDRESS_LENGTH
    )
