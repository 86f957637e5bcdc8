"""What may stand in the settings. Each refusal says what to write instead."""

from collections.abc import Callable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import global_settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from blogsite.site import links

validate_accent = RegexValidator(
    r"\A#[0-9a-fA-F]{6}\Z", _("Write a colour as # and six digits, like #af2d18.")
)


#: Hundreds of files to look for; what a machine has does not change while we run.
known_zones = cache(available_timezones)
#: Every language whose dates Django can write. Ours is translated into fewer; a blog in another
#: still has its own dates, hyphenation and direction.
LANGUAGES = dict(global_settings.LANGUAGES)


def validate_language(code: str) -> None:
    if code not in LANGUAGES:
        raise ValidationError(
            _("“%(code)s” is no language we know. Choose one of the list."), params={"code": code}
        )


def validate_time_zone(name: str) -> None:
    if name not in known_zones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Write one like Europe/Berlin or UTC."),
            params={"name": name},
        )


MOST_IN_NAVIGATION = 8


def validate_navigation(value: Any) -> None:
    links.check(value, begins=links.PLACES, most=MOST_IN_NAVIGATION)


def validate_social_links(value: Any) -> None:
    links.check(value, begins=links.PEOPLE, most=12)


CHECKS: dict[str, Callable[[Any], None]] = {
    "language": validate_language,
    "time_zone": validate_time_zone,
    "navigation": validate_navigation,
    "social_links": validate_social_links,
    "accent": validate_accent,
}


_ODD = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


def time_zones() -> list[str]:
    """The names people know: places, not the old abbreviations."""
    return ["UTC", *sorted(z for z in known_zones() if "/" in z and not z.startswith(_ODD))]
