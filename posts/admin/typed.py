"""What somebody typed into the writing form, as the browser sent it: right or not, it is kept."""

from typing import Any

from django.http import QueryDict

from posts.content import VERSIONED_FIELDS, Content, key_of

Typed = dict[str, list[str]]

#: Form fields under another name than what they write.
FORM_NAMES = {"co_authors": "co_writers"}
FIELDS = tuple(FORM_NAMES.get(name, name) for name in VERSIONED_FIELDS)
KEPT = (*FIELDS, "new_tags")


def plain_lines(text: str) -> str:
    """Browsers end lines as the network does; and no database keeps a NUL."""
    return text.replace("\r\n", "\n").replace("\0", "")


def typed(post_data: QueryDict) -> Typed:
    names = (name for name in KEPT if name in post_data)
    return {name: [plain_lines(value) for value in post_data.getlist(name)] for name in names}


def as_typed(content: Content) -> Typed:
    """A version as the form would send it."""
    values: Typed = {}
    for name in VERSIONED_FIELDS:
        values[FORM_NAMES.get(name, name)] = _strings(content.get(key_of(name)))
    return values


def as_initial(values: Typed, fields: dict[str, Any]) -> dict[str, Any]:
    """Typed values as a form that was not sent yet shows them."""
    initial: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in KEPT:
            continue
        many = field.widget.__class__.__name__ == "SelectMultiple"
        found = values.get(name, [])
        initial[name] = found if many else (found[-1] if found else "")
    return initial


def _strings(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["on"] if value else []
    return ["" if value is None else str(value)]
