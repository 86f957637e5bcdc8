"""A browser's part at the desk: read the form a page shows, change what is typed, send it."""

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse

ADD = "/admin/posts/post/add/"


class Form(HTMLParser):
    """What a browser without script would send for one form of a page, buttons apart."""

    def __init__(self, html: str, action: str = "", ident: str = "") -> None:
        super().__init__()
        self.wanted = (action, ident)
        self.inside = False
        self.fields: dict[str, list[str]] = {}
        self.buttons: set[str] = set()
        self.select: tuple[str, bool] | None = None
        self.area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "form":
            action, ident = self.wanted
            self.inside = had.get("id") == ident if ident else action in had.get("action", "")
        if not self.inside or "disabled" in had:
            return
        name = had.get("name", "")
        if tag == "button" and name:
            self.buttons.add(name)
        elif tag == "input" and name:
            kind = had.get("type", "text")
            if kind in ("submit", "button", "image", "file", "reset"):
                self.buttons.add(name)
            elif kind not in ("checkbox", "radio") or "checked" in had:
                usual = "on" if kind in ("checkbox", "radio") else ""
                self.fields.setdefault(name, []).append(had.get("value", usual))
        elif tag == "textarea":
            self.area = name
            self.fields.setdefault(name, []).append("")
        elif tag == "select":
            self.select = (name, "multiple" in had)
        elif tag == "option" and self.select and "selected" in had:
            name, many = self.select
            chosen = self.fields.setdefault(name, [])
            chosen[:] = [*chosen, had.get("value", "")] if many else [had.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area is not None:
            # A browser drops the first line break and sends the others as the network has them.
            value = self.fields[self.area][-1].removeprefix("\n")
            self.fields[self.area][-1] = value.replace("\r\n", "\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.inside and self.area is not None:
            self.fields[self.area][-1] += data


def form_of(answer: Any, *, action: str = "", ident: str = "") -> dict[str, Any]:
    fields = dict(Form(answer.text, action, ident).fields)
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def change(post: Any) -> str:
    return reverse("admin:posts_post_change", args=[post.pk])


def opened(client: Any, post: Any = None) -> dict[str, Any]:
    """The writing form as it opens now."""
    answer = client.get(change(post) if post else ADD)
    assert answer.status_code == 200, answer
    return form_of(answer, ident="post_form")


def write(
    client: Any,
    post: Any = None,
    *,
    press: str = "_draft",
    begun: dict[str, Any] | None = None,
    **typed: Any,
) -> Any:
    """Open the form (or go on with one that was opened), type, press a button."""
    fields = (opened(client, post) if begun is None else begun) | typed | {press: "1"}
    return client.post(change(post) if post else ADD, fields)
