"""Keep the catalogues of other languages in step with the words in the source.

    make messages

New words come into each catalogue without a translation, words nobody says any more leave it.
What the program reads is written beside it. Needs no tool outside the locked packages.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
APPS = ("blogsite", "accounts", "posts")
#: A date that moves with every run would be a change in every commit.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
TEMPLATES = {".html", ".txt", ".xml", ".md", ".subject"}
#: How the source marks words; of those with `p` the first argument is what they are about.
MARKS: dict[str, None] = dict.fromkeys(
    [
        *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
        *("pgettext", "pgettext_lazy"),
    ]
)


def said() -> Catalog:
    """Every word in the source that is shown to people."""
    catalogue = Catalog(project="Blogsite", charset="utf-8", creation_date=NEVER)
    for path in sorted(sources()):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = templatize(text)
        for _line, mark, words, _comments in extract_python(BytesIO(text.encode()), MARKS, [], {}):
            _add(catalogue, str(mark), words, str(path.relative_to(ROOT)))
    return catalogue


def sources() -> Iterator[Path]:
    for folder in APPS:
        yield from (ROOT / folder).rglob("*.py")
        yield from (ROOT / folder).rglob("templates/**/*.html")
    yield from (p for p in (ROOT / "templates").rglob("*") if p.suffix in TEMPLATES)


def _add(catalogue: Catalog, mark: str, words: Sequence[str] | None, place: str) -> None:
    known = [part for part in ([words] if isinstance(words, str) else words or ()) if part]
    context = known.pop(0) if mark.startswith("p") else None
    if known and "/migrations/" not in place:
        ident = tuple(known[:2]) if mark.startswith("n") else known[0]
        catalogue.add(ident, locations=[(place, 0)], context=context)


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def update(path: Path) -> Catalog:
    """The catalogue with today's words and those translations that still fit."""
    catalogue = read(path)
    catalogue.update(said(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """For people, and for the program."""
    source, compiled = BytesIO(), BytesIO()
    write_po(
        source, catalogue, width=100, sort_output=True, include_lineno=False, omit_header=False
    )
    write_mo(compiled, catalogue)
    return source.getvalue(), compiled.getvalue()


def main() -> int:
    missing = 0
    for path in catalogues():
        catalogue = update(path)
        source, compiled = written(catalogue)
        path.write_bytes(source)
        path.with_suffix(".mo").write_bytes(compiled)
        open_words = [message for message in catalogue if message.id and not is_said(message)]
        missing += len(open_words)
        print(f"{os.path.relpath(path)}: {len(catalogue)} messages, {len(open_words)} to translate")
    return 1 if missing else 0


def is_said(message: Message) -> bool:
    """Whether it has been translated, in each of its numbers."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


if __name__ == "__main__":
    sys.exit(main())
