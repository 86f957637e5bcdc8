"""The content security policy: everything from here, nothing inline but the theme switch."""

from collections.abc import Mapping, Sequence

from blogsite.site.look import THEME_SWITCH_HASH

SELF = "'self'"
NONE = "'none'"

POLICY: dict[str, list[str]] = {
    "default-src": [NONE],
    "script-src": [SELF, THEME_SWITCH_HASH],
    "style-src": [SELF],
    # Authors may show a picture or play a recording that lives elsewhere.
    "img-src": [SELF, "https:"],
    "media-src": [SELF, "https:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}


def header(policy: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{directive} {' '.join(values)}" for directive, values in policy.items())
