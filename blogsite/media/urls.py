from django.urls import re_path

from blogsite.media import views

app_name = "media"
urlpatterns = [
    # Never a folder, never hidden, nothing that needs quoting.
    re_path(
        r"^(?P<digest>[0-9a-f]{32})/(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,150})\Z",
        views.serve,
        name="serve",
    )
]
