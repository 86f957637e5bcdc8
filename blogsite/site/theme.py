"""Templates in a folder of the operator's, laid over ours (`THEME_DIR`).

What is broken there breaks no page: it is made once more, of our templates alone.
"""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseAway
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates, Template

logger = logging.getLogger(__name__)

UNREADABLE = (TemplateSyntaxError, UnicodeError, OSError)
HINT = "Mend it; until then pages that need it are shown without the theme."
_told: set[str] = set()


def themed(ours: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """For the settings: an engine that looks into `folder` first. Debugging tells it the line."""
    options = {**ours["OPTIONS"], "debug": True}
    backend = f"{__name__}.{Themed.__name__}"
    return {**ours, "BACKEND": backend, "DIRS": [folder, *ours["DIRS"]], "OPTIONS": options}


class Page(Template):
    def render(self, context: Any = None, request: Any = None) -> Any:
        try:
            return super().render(context, request)
        except DatabaseAway:
            raise  # no template's fault
        except Exception as problem:
            plain = engines["django"].get_template(self.template.name or "")
            page = plain.render(context, request)  # fails again if it was not the theme's fault
            tell(*where(problem, Path(self.origin.name)))
            return page


class Themed(DjangoTemplates):
    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.folder = Path(self.dirs[0])
        for problem in self.broken():
            tell(*problem)

    def get_template(self, template_name: str) -> Page:
        try:
            return Page(super().get_template(template_name).template, self)
        except UNREADABLE as problem:
            tell(*where(problem, self.folder / template_name))
            # Django goes on to the next engine, which is ours alone.
            raise TemplateDoesNotExist(template_name, backend=self) from problem

    def broken(self) -> Iterator[tuple[str, str]]:
        """Where, and what: of every template in the folder, before anybody asks for it."""
        for file in sorted(self.folder.rglob("*.*")):
            if file.is_file():
                yield from self._broken(file.relative_to(self.folder).as_posix())

    def _broken(self, name: str) -> Iterator[tuple[str, str]]:
        try:
            self.engine.get_template(name)
        except UNREADABLE as problem:
            yield where(problem, self.folder / name)


def where(problem: Exception, file: Path) -> tuple[str, str]:
    seen = getattr(problem, "template_debug", None)
    place = f"{seen['name']}:{seen['line']}" if seen else str(file)
    return place, f"{type(problem).__name__}: {problem}"


def tell(place: str, problem: str) -> None:
    """Once in each process."""
    if place not in _told:
        _told.add(place)
        logger.error("theme.broken: %s: %s", place, problem, extra={"hint": HINT})
