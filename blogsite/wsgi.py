"""The door for gunicorn: kept pages in front, Django behind."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")

from blogsite.checks import refuse_unsafe_start
from blogsite.lib.room import roomy

refuse_unsafe_start()
django = roomy(get_wsgi_application())

# Needs the apps that the line above sets up.
from blogsite.pagecache import PageCache  # noqa: E402
from blogsite.stats import counting  # noqa: E402

application = PageCache(django, counting.begin().note)
