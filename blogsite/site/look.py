"""The owner's colours on our lightness: the style sheet, and how well it can be read.

Imports no model and reads no setting while it is imported, so that the settings module may take
the hash from here.
"""

import gzip
import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from blogsite.site.colour import ENOUGH, Oklch, contrast, fitted, from_hex

#: The only script that stands in a page: the remembered theme, before anything is painted.
THEME_SWITCH = (
    "try{let t=localStorage.theme;"
    "/^(dark|light)$/.test(t)&&(document.documentElement.dataset.theme=t)}catch{}"
)
_digest = hashlib.sha256(THEME_SWITCH.encode()).digest()
THEME_SWITCH_HASH = f"'sha256-{b64encode(_digest).decode()}'"

SHEETS = ("tokens", "base", "layout")
#: What is joined to these: to browse, to read prose, to read more than that, or what few may.
KINDS = ("browse", "article", "article-rich", "article-rich-apart")
HUE_OF_PAPER = {"warm": 68, "cool": 250}
#: Of the usual length of a line: about 59, 67 and 77 characters.
WIDTHS = {"narrow": 0.88, "normal": 1, "wide": 1.15}

# The same numbers as in tokens.css: what the accent stands on, and how light it is there.
ACCENT_BY_DAY, ACCENT_BY_NIGHT = 0.5, 0.76
PAPER_BY_DAY, PAPER_BY_NIGHT = (0.988, 0.004), (0.19, 0.005)
SUNK_BY_DAY, SUNK_BY_NIGHT = (0.962, 0.006), (0.232, 0.006)


@dataclass(frozen=True)
class Sheet:
    digest: str
    css: bytes

    # Made when it is asked for, as the first page of a process has to wait for the digest only.
    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.css, 9, mtime=0)

    @cached_property
    def br(self) -> bytes:
        return brotli.compress(self.css)

    @property
    def url(self) -> str:
        return reverse("site:look", args=[self.digest])


@dataclass(frozen=True)
class Readability:
    """Contrast of the accent with what it stands on: the worse of paper and sunken paper."""

    picked: float
    by_day: float
    by_night: float

    @property
    def was_readable(self) -> bool:
        return self.picked >= ENOUGH


def sheet(
    accent: str, paper: str, width: str = "normal", has_logo: bool = False, kind: str = ""
) -> Sheet:
    """All that a page of this kind needs in one file, ending with the owner's numbers."""
    return _sheet(_moved_at(), accent, paper, width, has_logo, kind if kind in KINDS else KINDS[0])


def sheet_by_digest(digest: str) -> Sheet | None:
    """One that this process has made before."""
    return _made.get(digest)


def css(accent: str, paper: str, width: str, has_logo: bool, kind: str) -> str:
    names = (*SHEETS, *kind.split("-"), *(["logo"] if has_logo else []))
    return shrunk("\n".join(map(_read, names))) + numbers(accent, paper, width)


def numbers(accent: str, paper: str, width: str = "normal") -> str:
    hue, chroma = accent_by_day(accent).hue, accent_by_day(accent).chroma
    return f":root{{--h:{hue:.1f};--c:{chroma:.3f};--n:{HUE_OF_PAPER[paper]};--w:{WIDTHS[width]}}}"


def accent_by_day(accent: str) -> Oklch:
    return fitted(from_hex(accent), ACCENT_BY_DAY)


def accent_by_night(accent: str) -> Oklch:
    by_day = accent_by_day(accent)
    return fitted(by_day._replace(chroma=by_day.chroma * 0.8), ACCENT_BY_NIGHT)


def readability(accent: str, paper: str) -> Readability:
    hue = HUE_OF_PAPER[paper]
    day = [Oklch(*ground, hue) for ground in (PAPER_BY_DAY, SUNK_BY_DAY)]
    night = [Oklch(*ground, hue) for ground in (PAPER_BY_NIGHT, SUNK_BY_NIGHT)]
    return Readability(
        picked=contrast(from_hex(accent), day[0]),
        by_day=min(contrast(accent_by_day(accent), ground) for ground in day),
        by_night=min(contrast(accent_by_night(accent), ground) for ground in night),
    )


_made: dict[str, Sheet] = {}


@lru_cache(maxsize=8)
def _sheet(moved_at: float, *look: Any) -> Sheet:
    text = css(*look).encode()
    made = Sheet(f"{look[-1]}-{hashlib.sha256(text).hexdigest()[:12]}", text)
    while len(_made) >= 8:
        _made.pop(next(iter(_made)))
    _made[made.digest] = made
    return made


def shrunk(css: str) -> str:
    """Without comments and line breaks. Our sheets have no strings that could hold either."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*\n\s*", "", css)
    return css.replace(";}", "}")


def _read(name: str) -> str:
    return _path(name).read_text(encoding="utf-8")


def _moved_at() -> float:
    """When a sheet last changed on disk: in development an edit shows without a restart."""
    names = (*SHEETS, *"-".join(KINDS).split("-"), "logo") if settings.DEBUG else ()
    return max((_path(name).stat().st_mtime for name in names), default=0)


def _path(name: str) -> Path:
    found = finders.find(f"css/{name}.css")
    if not found:
        raise FileNotFoundError(f"The style sheet {name} is missing from the static files.")
    return Path(found)
