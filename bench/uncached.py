"""The product without its page cache: every page is made anew."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
