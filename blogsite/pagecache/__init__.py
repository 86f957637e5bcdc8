"""Whole pages kept in memory: exactly as long as they are right, the same bytes for everyone.

A public view names what it shows (`@public_page`, `depends_on`); whoever writes names what
changed (`touch`, inside `stamping`). `PageCache` stands around Django and does the rest.

Names in use: `site` (settings, navigation, look), `lists` (what lists show), and by number
`post:12`, `author:3`, `tag:4`, `series:5`.
"""

from blogsite.pagecache.public import (
    depends_on,
    is_for_everybody,
    nothing_here,
    personal_page,
    public_page,
)
from blogsite.pagecache.stamps import stamp_address, stamping, touch
from blogsite.pagecache.wsgi import PageCache

__all__ = [
    "PageCache",
    "depends_on",
    "is_for_everybody",
    "nothing_here",
    "personal_page",
    "public_page",
    "stamp_address",
    "stamping",
    "touch",
]
