"""What templates of every app need. Several write a whole element: on a page with twenty posts
each step inside the template language costs more than all the work done here.
"""

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.urls import get_script_prefix, reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from blogsite.lib.markdown import paragraphs
from blogsite.site.look import THEME_SWITCH
from blogsite.site.models import spoken_in

register = template.Library()


@register.simple_tag
def theme_switch() -> SafeString:
    """Exactly the bytes whose hash the content security policy carries."""
    return mark_safe(f"<script>{THEME_SWITCH}</script>")  # noqa: S308 -- a constant of ours


@register.simple_tag(takes_context=True)
def allow_head_code(context: template.Context) -> bool:
    """Whether what the owner adds to the head may stand on this page; then its policy allows it.

    It may on pages that are the same for everybody, never on those about errors, on previews and
    on what is made for one reader.
    """
    request = context["request"]
    match = getattr(request, "resolver_match", None)
    is_public = match and hasattr(match.func, "public_page")
    if not is_public or hasattr(request, "personal") or hasattr(request, "site_at_hand"):
        return False
    request.head_policy = context["site"].head_policy
    return True


@register.simple_tag
def place(name: str, *args: str) -> str:
    """As `url`, but looked up once: the same dozen addresses stand on every page."""
    return _place(name, args, get_script_prefix())


@lru_cache(maxsize=256)
def _place(name: str, args: tuple[str, ...], prefix: str) -> str:
    return reverse(name, args=args)


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, address: str) -> str:
    return context["request"].build_absolute_uri(address)


@register.filter(expects_localtime=True)
def day(moment: dt.datetime | None, form: str = "DATE_FORMAT") -> str:
    """A moment as people write its day, and exactly for machines."""
    if moment is None:
        return ""
    written = _written(moment.date(), get_language(), form)
    exact = moment.isoformat(timespec="minutes")
    return mark_safe(f'<time datetime="{exact}">{written}</time>')  # noqa: S308 -- escaped below


@lru_cache(maxsize=1024)
def _written(date: dt.date, language: str | None, form: str) -> str:
    return escape(date_format(date, form))


@register.filter
def opening(html: str, count: int) -> list[str]:
    """The words of the first paragraphs: what a page prints where a picture would be."""
    return paragraphs(html, count)


@register.filter
def chapters(headings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The uppermost headings; one alone leads nowhere."""
    top = min((heading["level"] for heading in headings), default=0)
    found = [heading for heading in headings if heading["level"] == top]
    return found if len(found) > 1 else []


register.filter(spoken_in)
register.filter("look", lambda site, kind: site.look_url(kind))
