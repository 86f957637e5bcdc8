from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blogsite.media.forms import ImageForm, UploadForm
from blogsite.media.models import Image
from blogsite.media.services import delete_images, save_image

THUMBNAIL = (96, 72)
PREVIEW = (480, 360)


class DescriptionFilter(admin.SimpleListFilter):
    title = _("description")
    parameter_name = "description"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("missing", _("Missing")), ("written", _("Written")), ("none", _("Decoration"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        wanted: dict[str, dict[str, Any]] = {
            "missing": {"alt": "", "is_decorative": False},
            "written": {"alt__gt": ""},
            "none": {"is_decorative": True},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    form = ImageForm
    list_display = [
        "thumbnail",
        "original_name",
        "description",
        "dimensions",
        "size",
        "uploaded_by",
        "created_at",
    ]
    list_display_links = ["original_name"]
    list_filter = [
        DescriptionFilter,
        ("mime", admin.AllValuesFieldListFilter),
        ("uploaded_by", admin.RelatedOnlyFieldListFilter),
        "created_at",
    ]
    list_select_related = ["uploaded_by"]
    list_per_page = 50
    search_fields = ["original_name", "alt", "uploaded_by__name", "uploaded_by__display_name"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["preview", "alt", "is_decorative", "markdown"]}),
        (_("What matters when it is cropped"), {"fields": [("focal_x", "focal_y")]}),
        (
            _("File"),
            {"fields": ["original_name", "dimensions", "size", "uploaded_by", "created_at"]},
        ),
    ]
    readonly_fields = [
        "preview",
        "markdown",
        "original_name",
        "dimensions",
        "size",
        "uploaded_by",
        "created_at",
    ]

    # -- what the list and the form show -----------------------------------------------

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> SafeString:
        # The name stands beside it and the row is about it: read aloud once is enough.
        return _picture(image, THUMBNAIL, alt="")

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', image.url, _picture(image, PREVIEW, alt=image.alt or str(image))
        )

    @admin.display(description=_("to copy into a text"))
    def markdown(self, image: Image) -> SafeString:
        return format_html("<code>![{}]({})</code>", image.alt, image.url)

    @admin.display(description=_("description"), ordering="alt")
    def description(self, image: Image) -> str:
        if image.is_decorative:
            return gettext("decoration")
        return image.alt or gettext("missing")

    @admin.display(description=_("width × height"), ordering="width")
    def dimensions(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description=_("size"), ordering="bytes")
    def size(self, image: Image) -> str:
        return filesizeformat(image.bytes)

    # -- permissions: change_image is about one's own ------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        is_own = obj is None or obj.uploaded_by_id == request.user.pk
        return is_own or request.user.has_perm("media.edit_any_image")

    # -- writing goes through the services -----------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Not the admin's own: that would decode and store inside a transaction."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
        image = form.store(by=request.user) if is_sent and form.is_valid() else None
        if image:
            self.log_addition(request, image, [{"added": {}}])
            return self.response_add(request, image)
        context = self._upload_context(request, form) | (extra_context or {})
        return self.render_change_form(request, context, add=True, form_url=form_url)

    def _upload_context(self, request: HttpRequest, form: UploadForm) -> dict[str, Any]:
        asked = request.POST if request.method == "POST" else request.GET
        sheet = AdminForm(form, [(None, {"fields": list(form.fields)})], {}, model_admin=self)
        return {
            **self.admin_site.each_context(request),
            "title": _("Upload a picture"),
            "adminform": sheet,
            "inline_admin_formsets": [],
            "errors": AdminErrorList(form, []),
            "media": self.media + form.media,
            "is_popup": IS_POPUP_VAR in asked,
            "to_field": asked.get(TO_FIELD_VAR),
        }

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        save_image(obj)

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        delete_images([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        delete_images(queryset)


def _picture(image: Image, box: tuple[int, int], *, alt: str) -> SafeString:
    """Fitted into the box by attributes: the policy allows no style."""
    scale = min(1, box[0] / image.width, box[1] / image.height)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        image.url,
        max(1, round(image.width * scale)),
        max(1, round(image.height * scale)),
        alt,
    )
