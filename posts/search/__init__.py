"""Finding posts by their words. `search` asks; whoever writes a post calls `index`."""

from posts.search.asking import Found, Hit, search
from posts.search.documents import PERSON, Names, names_on, with_names
from posts.search.query import mark, read
from posts.search.writing import forget, index, index_due, index_posts

__all__ = [
    "PERSON",
    "Found",
    "Hit",
    "Names",
    "forget",
    "index",
    "index_due",
    "index_posts",
    "mark",
    "names_on",
    "read",
    "search",
    "with_names",
]
