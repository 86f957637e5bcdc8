from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from posts.models import Series, Tag
from posts.services.organising import delete_gatherings, save_gathering


class GatheringAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "post_count"]
    search_fields = ["name"]
    autocomplete_fields = ["cover"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(post_total=Count("posts"))

    @admin.display(description=_("posts"), ordering="post_total")
    def post_count(self, row: Any) -> int:
        return row.post_total

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_gathering(obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_gatherings([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        delete_gatherings(queryset)


@admin.register(Tag)
class TagAdmin(GatheringAdmin):
    pass


@admin.register(Series)
class SeriesAdmin(GatheringAdmin):
    list_display = ["name", "slug", "post_count", "is_finished"]
    list_filter = ["is_finished"]
