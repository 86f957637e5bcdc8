"""The product without its page cache: every page is made anew."""

from django.core.wsgi import get_wsgi_application

from blogsite.lib.room import roomy

application = roomy(get_wsgi_application())
