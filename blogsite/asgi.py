"""The ASGI door. Pages are kept by the WSGI one only: prefer that where both are possible."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")

from blogsite.checks import refuse_unsafe_start

refuse_unsafe_start()
application = get_asgi_application()
