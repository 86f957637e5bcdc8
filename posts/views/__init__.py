"""The reader's pages. They show what an anonymous visitor may see, to everybody alike."""

from posts.views.gatherings import author, authors, series, series_index, tag, tags
from posts.views.lists import archive, home, month, year
from posts.views.missing import not_found
from posts.views.post import edit, post_detail

__all__ = [
    "archive",
    "author",
    "authors",
    "edit",
    "home",
    "month",
    "not_found",
    "post_detail",
    "series",
    "series_index",
    "tag",
    "tags",
    "year",
]
