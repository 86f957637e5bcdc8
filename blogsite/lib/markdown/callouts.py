"""Callouts in GitHub's notation: a quote whose first line is `[!NOTE]`, `[!TIP]` …"""

from django.utils.translation import gettext as _
from markdown_it.token import Token

CLASSES = {
    "NOTE": "callout",
    "TIP": "callout tip",
    "IMPORTANT": "callout important",
    "WARNING": "callout warning",
    "CAUTION": "callout warning caution",
}


def prepare(tokens: list[Token]) -> None:
    for position, token in enumerate(tokens):
        if token.type == "alert_open":
            kind = token.meta["kind"]
            token.attrs = {"class": CLASSES[kind]}
            title, words = tokens[position + 1 : position + 3]
            title.attrs = {}
            words.children = [Token("text", "", 0, content=_title(kind))]


def _title(kind: str) -> str:
    return {
        "NOTE": _("Note"),
        "TIP": _("Tip"),
        "IMPORTANT": _("Important"),
        "WARNING": _("Warning"),
        "CAUTION": _("Caution"),
    }[kind]
