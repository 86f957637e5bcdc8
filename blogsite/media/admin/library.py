"""What pictures and files have in common at the desk: who may, where used, putting away."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blogsite.media.admin.filters import ShelfFilter, TypeFilter, ViewFilter, WeightFilter, shelves
from blogsite.media.models import UNDESCRIBED, File, Image, Upload
from blogsite.media.references import Place, in_sight, notes, places
from blogsite.media.services import delete_uploads, put_away, take_back


def limits() -> dict[str, int]:
    """In megabytes, for people and for scripts that need not try what is too large."""
    return {
        "most_of_picture": settings.MAX_UPLOAD_BYTES // 2**20,
        "most_of_file": settings.MAX_FILE_BYTES // 2**20,
    }


class Library(admin.ModelAdmin):
    actions = ["put_away_chosen", "take_back_chosen"]
    actions_on_top = False
    actions_on_bottom = True
    change_list_template = "admin/media/library.html"
    change_form_template = "admin/media/upload.html"
    list_display_links = ["original_name"]
    list_filter = [
        ShelfFilter,
        ViewFilter,
        TypeFilter,
        WeightFilter,
        ("uploaded_by", admin.RelatedOnlyFieldListFilter),
        "created_at",
    ]
    list_per_page = 48
    list_select_related = ["uploaded_by"]
    readonly_fields = ["original_name", "size", "uploaded_by", "created_at", "used_in", "markdown"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        uploads = super().get_queryset(request)
        is_choosing = request.path == reverse("admin:autocomplete")
        return uploads.filter(put_away_at=None) if is_choosing else uploads

    def page(
        self, request: HttpRequest, name: str, title: str, status: int = 200, **more: Any
    ) -> TemplateResponse:
        site = self.admin_site.each_context(request)
        context = {**site, "opts": self.opts, "title": title, **more}
        return TemplateResponse(request, f"admin/media/{name}.html", context, status=status)

    # -- who may: to change is about one's own, unless one edits everybody's ---------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        is_own = obj is None or obj.uploaded_by_id == request.user.pk
        return is_own or request.user.has_perm("media.edit_any_image")

    def allowed(self, request: HttpRequest, pk: int) -> Any:
        upload = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, upload):
            raise PermissionDenied
        return upload

    def changeable(self, request: HttpRequest, uploads: QuerySet) -> QuerySet:
        if request.user.has_perm("media.edit_any_image"):
            return uploads
        return uploads.filter(uploaded_by=request.user.pk)

    # -- what lists and forms show -----------------------------------------------------------

    @admin.display(description=gettext_lazy("size"), ordering="bytes")
    def size(self, upload: Upload) -> str:
        return filesizeformat(upload.bytes)

    @admin.display(description=gettext_lazy("used"))
    def uses(self, upload: Any) -> int:
        return upload.uses

    @admin.display(description=gettext_lazy("to copy into a text"))
    def markdown(self, upload: Any) -> SafeString:
        return format_html("<code>{}</code>", upload.markdown)

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, upload: Any) -> SafeString | str:
        return _linked(upload.places) or _("Nothing uses it.")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        upload = super().get_object(request, *args, **kwargs)
        if upload:
            upload.places = places([upload], request.user)[upload.pk]
        return upload

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shelf = request.GET.get("shelf") or ""
        context = {
            **limits(),
            "title": _("Media"),
            "tabs": _tabs(self.model, shelf),
            "tab_filters": ["shelf", "view"],
            "chosen": shelf,
            "is_grid": request.GET.get("view") != "list",
        }
        response = super().changelist_view(request, context | (extra_context or {}))
        if "cl" in (shown := getattr(response, "context_data", None) or {}):
            self._look_up(request, list(shown["cl"].result_list))
        return response

    def _look_up(self, request: HttpRequest, uploads: list[Any]) -> None:
        noted = notes(uploads)
        for upload in uploads:
            upload.uses = len(in_sight(noted[upload.pk]))
            upload.is_remembered = bool(noted[upload.pk])
            upload.is_mine = self.has_change_permission(request, upload)

    # -- putting away, and for good ------------------------------------------------------------

    @admin.action(description=gettext_lazy("Put away"), permissions=["change"])
    def put_away_chosen(self, request: HttpRequest, uploads: QuerySet) -> None:
        chosen = uploads.count()
        done = put_away(self.changeable(request, uploads))
        told = ngettext(
            "One put away. Take it back within 30 days, or it is removed if nothing uses it.",
            "%(n)s put away. Take them back within 30 days, or what nothing uses is removed.",
            done,
        )
        self._tell(request, told, done, chosen)

    @admin.action(description=gettext_lazy("Take back"), permissions=["change"])
    def take_back_chosen(self, request: HttpRequest, uploads: QuerySet) -> None:
        chosen = uploads.count()
        done = take_back(self.changeable(request, uploads))
        self._tell(request, ngettext("One taken back.", "%(n)s taken back.", done), done, chosen)

    def _tell(self, request: HttpRequest, told: str, done: int, chosen: int) -> None:
        if done:
            messages.success(request, told % {"n": done})
        elif not chosen:
            messages.warning(request, _("Choose some first. Nothing was changed."))
        if left := chosen - done:
            told = ngettext(
                "One was left as it is: somebody else’s, or nothing to do.",
                "%(n)s were left as they are: somebody else’s, or nothing to do.",
                left,
            )
            messages.warning(request, told % {"n": left})

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """Asked before deleting: each with where it is used, since that will show a gap."""
        uploads = list(objs)
        known = places(uploads, request.user)
        gaps = [(upload, _linked(known[upload.pk])) for upload in uploads]
        told = [
            format_html(_("{}: a gap will be seen in {}"), upload, gap) if gap else str(upload)
            for upload, gap in gaps
        ]
        barred = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return told, {self.opts.verbose_name_plural: len(uploads)}, barred, []

    def delete_model(self, request: HttpRequest, obj: Upload) -> None:
        delete_uploads(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        delete_uploads(*queryset)


def _linked(found: list[Place]) -> SafeString:
    link = '<a href="{}">{}</a>'
    shown = [format_html(link, one.url, one.label) if one.url else one.label for one in found]
    return format_html_join(", ", "{}", ((one,) for one in shown))


def _tabs(library: Any, shelf: str) -> list[dict[str, Any]]:
    """Pictures, files, and the shelves of where one is."""
    here = Q(put_away_at=None)
    pictures = Image.objects.filter(here).aggregate(
        here=Count("pk"), missing=Count("pk", filter=UNDESCRIBED)
    )
    files = File.objects.filter(here).count()
    counts = {Image: {"": pictures["here"], "missing": pictures["missing"]}, File: {"": files}}
    return [
        {
            "url": reverse(f"admin:media_{room._meta.model_name}_changelist")
            + (name and f"?shelf={name}"),
            "label": label,
            "count": counts[room].get(name),
            "current": room is library and name == shelf,
        }
        for room, whole in ((Image, _("Pictures")), (File, _("Files")))
        for name, label in [("", whole), *(shelves(room) if room is library else ())]
    ]
