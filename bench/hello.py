"""The least a Django view can do: no middleware, no database, no template."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello.")


urlpatterns = [path("", hello)]
application = get_wsgi_application()
