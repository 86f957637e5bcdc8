from django.urls import path, register_converter

from blogsite.media import views


class Digest:
    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FileName(Digest):
    """Never a folder, never hidden, nothing that needs quoting."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}"


register_converter(Digest, "digest")
register_converter(FileName, "file_name")

app_name = "media"
urlpatterns = [path("<digest:digest>/<file_name:name>", views.serve, name="serve")]
