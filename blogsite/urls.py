from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from blogsite.site import errors
from posts import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("media/", include("blogsite.media.urls")),
    path("", include("blogsite.site.urls")),
    # Last: it answers whatever nobody else does.
    path("", include("posts.urls")),
]

handler400 = "blogsite.site.errors.bad_request"
handler403 = "blogsite.site.errors.permission_denied"
handler404 = "blogsite.urls.not_found"
handler500 = "blogsite.site.errors.server_error"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Posts know what has moved; the page for what has not is the site's."""
    return views.not_found(request, errors.not_found)
