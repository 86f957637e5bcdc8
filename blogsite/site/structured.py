"""What a page is about, for machines: https://schema.org as JSON-LD."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

#: As `json_script` does: nothing in the data ends the script it stands in.
_ESCAPED = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def script(*things: dict[str, Any]) -> SafeString:
    """The element for the page's head. What is empty is left out."""
    graph = [{name: value for name, value in thing.items() if value} for thing in things]
    data = {"@context": "https://schema.org", "@graph": graph}
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{written}</script>')  # noqa: S308


def trail(*places: tuple[str, str]) -> dict[str, Any]:
    """How one gets here from the front page: names and full addresses."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(places, 1)
        ],
    }
