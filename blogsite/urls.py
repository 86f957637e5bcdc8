from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("media/", include("blogsite.media.urls")),
    path("", include("blogsite.site.urls")),
    # Last: it answers whatever nobody else does.
    path("", include("posts.urls")),
]

handler400 = "blogsite.site.errors.bad_request"
handler403 = "blogsite.site.errors.permission_denied"
handler404 = "blogsite.site.errors.not_found"
handler500 = "blogsite.site.errors.server_error"
