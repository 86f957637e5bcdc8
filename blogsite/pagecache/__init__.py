"""Whole pages kept in memory: exactly as long as they are right, the same bytes for everyone.

A public view names what it shows (`@public_page`, `depends_on`); whoever writes names what
changed (`touch`, inside `stamping`). `PageCache` stands around Django and does the rest.

Names in use: `site` (settings, navigation, look), `lists` (what lists show), and by number
`post:12`, `author:3`, `tag:4`, `series:5`.
"""

from blogsite.pagecache.public import counted_as as counted_as
from blogsite.pagecache.public import depends_on as depends_on
from blogsite.pagecache.public import is_for_everybody as is_for_everybody
from blogsite.pagecache.public import nothing_here as nothing_here
from blogsite.pagecache.public import personal_page as personal_page
from blogsite.pagecache.public import public_page as public_page
from blogsite.pagecache.stamps import stamp_address as stamp_address
from blogsite.pagecache.stamps import stamping as stamping
from blogsite.pagecache.stamps import touch as touch
from blogsite.pagecache.wsgi import PageCache as PageCache
