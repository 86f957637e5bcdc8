"""Redirects as a table of two columns: what people keep in a spreadsheet or bring with them."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from posts.models import Redirect

MOST_LINES = 20_000
#: A spreadsheet takes what begins so for a formula.
FORMULA = tuple("=+-@\t\r")


def decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            _("This file is not UTF-8. Save it as “CSV UTF-8” and choose it again.")
        ) from None


def read(text: str) -> list[tuple[int, str, str]]:
    """Line, old and new address of each row; commas, semicolons or tabs stand between them."""
    text = text.removeprefix("\ufeff").strip("\r\n")
    first = text.partition("\n")[0]
    delimiter = next((sign for sign in "\t;" if len(first.split(sign)) > 1), ",")
    reader = csv.reader(StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        rows = [(reader.line_num, *_two(cells)) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as problem:
        raise ValidationError(_("This is no table: %s") % problem) from None
    if rows and not any("/" in cell for cell in rows[0][1:]):
        del rows[0]  # the names of the columns
    if not rows:
        raise ValidationError(_("There is no line with an old and a new address."))
    if len(rows) > MOST_LINES:
        raise ValidationError(_("%d lines fit at once. Split the table.") % MOST_LINES)
    return rows


def _two(cells: list[str]) -> tuple[str, str]:
    old, new, *_rest = *(_unguarded(cell.strip()) for cell in cells), ""
    return old, new


def write(redirects: Iterable[Redirect]) -> str:
    """The same table, complete with the names of its columns. Reading it again changes nothing."""
    out = StringIO()
    table = csv.writer(out)
    table.writerow(["old", "new"])
    for redirect in redirects:
        table.writerow([_guarded(redirect.path), _guarded(destination(redirect))])
    return out.getvalue()


def destination(redirect: Redirect) -> str:
    """Where it leads, as it is typed: without the prefix of the site."""
    return f"/{redirect.post.slug}/" if redirect.post else redirect.target


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell
