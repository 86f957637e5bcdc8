"""What templates of every app need. Several write a whole element: on a page with twenty posts
each step inside the template language costs more than all the work done here.
"""

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from blogsite.lib.markdown import paragraphs
from blogsite.site.look import THEME_SWITCH
from blogsite.site.models import direction

register = template.Library()


@register.simple_tag
def theme_switch() -> SafeString:
    """Exactly the bytes whose hash the content security policy carries."""
    return mark_safe(f"<script>{THEME_SWITCH}</script>")  # noqa: S308 -- a constant of ours


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, address: str) -> str:
    return context["request"].build_absolute_uri(address)


@register.filter(expects_localtime=True)
def day(moment: dt.datetime | None) -> str:
    """A moment as people write its day, and exactly for machines."""
    if moment is None:
        return ""
    written = _written(moment.date(), get_language())
    exact = moment.isoformat(timespec="minutes")
    return mark_safe(f'<time datetime="{exact}">{written}</time>')  # noqa: S308 -- escaped below


@lru_cache(maxsize=1024)
def _written(date: dt.date, language: str | None) -> str:
    return escape(date_format(date))


@register.filter
def lazy_picture(image: Any) -> str:
    """A picture further down. It says nothing: the words beside it do."""
    return _picture(image, "", 'loading="lazy"')


@register.filter
def first_picture(image: Any, alt: str = "") -> str:
    """The picture at the top, which nothing may keep waiting."""
    return _picture(image, alt, 'fetchpriority="high"')


def _picture(image: Any, alt: str, hint: str) -> str:
    return mark_safe(  # noqa: S308 -- what is not ours is escaped or a number
        f'<img src="{escape(image.url)}" width="{image.width:d}" height="{image.height:d}" '
        f'alt="{escape(alt)}" {hint}{_focus(image.focal_x, image.focal_y)}>'
    )


def _focus(across: int, down: int) -> str:
    """The class that keeps the focal point (in percent) in sight wherever a picture is cropped."""
    tenths = (("fx", round(across / 10)), ("fy", round(down / 10)))
    names = " ".join(f"{axis}{tenth}" for axis, tenth in tenths if tenth != 5)
    return f' class="{names}"' if names else ""


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


@register.filter
def spoken_in(code: str, of_the_site: str) -> str:
    """The attributes of a text in a language of its own; nothing when it has the site's."""
    if code in ("", of_the_site):
        return ""
    return format_html(' lang="{}" dir="{}"', code, direction(code))
