"""Topics and series: saved and removed with the pages that name them."""

from collections.abc import Iterable

from blogsite.pagecache import stamping, touch
from posts.models import Series, Tag


def save_gathering(row: Tag | Series) -> None:
    """Store a topic or series; every page that names it follows, lists included."""
    with stamping():
        row.save()
        touch(*_pages_of(row))


def delete_gatherings(rows: Iterable[Tag | Series]) -> None:
    """Remove topics or series. Their posts stay."""
    with stamping():
        for row in list(rows):
            touch(*_pages_of(row))
            row.delete()


def _pages_of(row: Tag | Series) -> tuple[str, str]:
    """Pages of posts name their topics and series as dependencies of their own."""
    return f"{row._meta.model_name}:{row.pk}", "lists"
