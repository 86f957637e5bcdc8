"""Everything that is not a picture: to download, to listen to, to watch."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from blogsite.media.admin.library import Library
from blogsite.media.models import File, Image


@admin.register(File)
class FileAdmin(Library):
    fieldsets = [
        (None, {"fields": ["title", "markdown", "used_in"]}),
        (_("File"), {"fields": ["original_name", "mime", "size", "uploaded_by", "created_at"]}),
    ]
    list_display = ["original_name", "title", "mime", "size", "uses", "uploaded_by", "created_at"]
    readonly_fields = [*Library.readonly_fields, "mime"]
    search_fields = ["original_name", "title", "uploaded_by__name", "uploaded_by__display_name"]

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One place takes uploads of every kind."""
        return self.admin_site.get_model_admin(Image).add_view(request)
