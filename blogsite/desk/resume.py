"""What was typed at the desk outlives the sign-in it was typed under, without any script.

A form that comes from somebody who is signed out, or with a token of before, is not dropped:
the answer carries its fields along, first through the form to sign in, then back to where they
were going. Passwords and files cannot travel that way.
"""

import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Self
from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from blogsite.lib.origin import is_ours
from blogsite.site import errors
from blogsite.site.models import SiteSettings

SECRET = re.compile(r"passw|secret|token", re.IGNORECASE)
#: Forms that show themselves again, filled and unsaved, when they get `_resumed`.
RESUMED = frozenset({"posts_post_add", "posts_post_change"})
#: What begins with "_" is a button, and those are pressed anew; these say where the form stood.
NOT_BUTTONS = frozenset({"_popup", "_to_field", "_take"})
ROOM_FOR_SIGNING_IN = 10_000
#: Where a page does not say which of its fields are typed.
LONG = 40


@dataclass(frozen=True)
class Kept:
    """One form on its way: where it was going, and what it said."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool = False

    @classmethod
    def sent(cls, request: HttpRequest) -> Self | None:
        """What this request brought, if it was meant for a page of the desk."""
        if request.path == reverse("admin:login"):
            return cls.read(request.POST.get("kept", ""))
        if request.path == reverse("admin:logout") or not is_at_desk(request.path):
            return None
        pairs = [(name, value) for name, values in request.POST.lists() for value in values]
        fields = [pair for pair in pairs if pair[0] != "_resumed" and not SECRET.search(pair[0])]
        return cls(request.get_full_path(), fields, bool(request.FILES))

    @classmethod
    def read(cls, carried: str) -> Self | None:
        """Back from a browser, which may have sent anything."""
        try:
            given = json.loads(carried)
            fields = [(str(name), str(value)) for name, value in given["fields"]]
            kept = cls(str(given["path"]), fields, bool(given["had_files"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        return kept if is_at_desk(kept.path) else None

    @cached_property
    def carried(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def fits(self) -> bool:
        """Whether one request can bring it back together with a name and a password."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - ROOM_FOR_SIGNING_IN
        return len(self.carried.encode()) <= limit

    @property
    def is_shown_again(self) -> bool:
        return resolve(_route(self.path)).url_name in RESUMED

    @property
    def again(self) -> list[tuple[str, str]]:
        """What goes back to the page."""
        if not self.is_shown_again:
            return self.fields
        filled = [(n, v) for n, v in self.fields if not n.startswith("_") or n in NOT_BUTTONS]
        return [*filled, ("_resumed", "1")]

    def texts(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What somebody may want to copy, should the way back be closed: all that was typed."""
        desk = getattr(resolve(_route(self.path)).func, "model_admin", None)
        known = desk.get_form(request).base_fields if desk else {}
        typed = {name: field for name, field in known.items() if _is_typed(field)}
        return [
            (str(typed[name].label) if desk else name, value)
            for name, value in self.fields
            if value.strip() and (name in typed if desk else len(value) > LONG)
        ]


def _is_typed(field: forms.Field) -> bool:
    chosen = (forms.ChoiceField, forms.BooleanField)
    return not (field.widget.is_hidden or isinstance(field, chosen))


def is_at_desk(path: str) -> bool:
    """An address of ours, below the desk, however a browser may read it."""
    route = urlsplit(path).path if url_has_allowed_host_and_scheme(path, None) else ""
    if not route.startswith(reverse("admin:index")) or ".." in unquote(route):
        return False
    try:
        return resolve(_route(path)).app_name == "admin"
    except Resolver404:
        return False


def _route(path: str) -> str:
    return "/" + unquote(urlsplit(path).path).removeprefix(get_script_prefix())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Usually somebody signed in in another tab. If it is our own form, it comes back."""
    behind_proxy = settings.TRUSTED_PROXY_COUNT > 0
    ours = is_ours(request, behind_tls_proxy=behind_proxy)
    kept = Kept.sent(request) if ours else None
    if kept is None:
        return errors.csrf_failure(request, reason)
    # The middleware that speaks the site's language has not been reached.
    with SiteSettings.at_hand().spoken():
        return admin.site.bring_back(request, kept).render()  # type: ignore[attr-defined]
