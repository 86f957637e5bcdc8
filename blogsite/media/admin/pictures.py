"""Pictures at the desk: a grid, one picture, other bytes at the same address."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blogsite.lib.pictures import markup
from blogsite.media.admin import describing, uploads
from blogsite.media.admin.library import Library
from blogsite.media.forms import DescriptionForm, ImageForm, PictureForm
from blogsite.media.models import Image
from blogsite.media.references import places
from blogsite.media.services import replace_image, save_images
from blogsite.media.showing import facts


@admin.register(Image)
class ImageAdmin(Library):
    actions = [*Library.actions, "describe_chosen"]
    form = ImageForm
    list_display = [
        "thumbnail",
        "original_name",
        "description",
        "uses",
        "dimensions",
        "size",
        "uploaded_by",
        "created_at",
    ]
    search_fields = ["original_name", "alt", "uploaded_by__name", "uploaded_by__display_name"]
    fieldsets = [
        (None, {"fields": ["preview", "alt", "is_decorative", "markdown", "used_in"]}),
        (_("What matters when it is cropped"), {"fields": [("focal_x", "focal_y")]}),
        (
            _("File"),
            {"fields": ["original_name", "dimensions", "size", "uploaded_by", "created_at"]},
        ),
    ]
    readonly_fields = [*Library.readonly_fields, "preview", "dimensions"]

    def get_urls(self) -> list[Any]:
        ask = self.admin_site.admin_view
        return [
            path("upload/", uploads.endpoint(self), name="media_upload"),
            path("describe/", ask(partial(describing.save, self)), name="media_image_describe"),
            path("<int:pk>/replace/", ask(self.replace), name="media_image_replace"),
            *super().get_urls(),
        ]

    # -- what the list and the form show -----------------------------------------------

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> SafeString:
        # The name stands beside it and the row is about it: read aloud once is enough.
        return markup(facts(image), "6rem", {"alt": "", "loading": "lazy"}, most=192)

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> SafeString:
        shown = markup(facts(image), "30rem", {"alt": image.alt or str(image)}, most=960)
        return format_html('<a href="{}">{}</a>{}', image.url, shown, _too_large(image))

    @admin.display(description=_("description"), ordering="alt")
    def description(self, image: Image) -> str:
        if image.is_decorative:
            return gettext("decoration")
        return image.alt or gettext("missing")

    @admin.display(description=_("width × height"), ordering="width")
    def dimensions(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    # -- writing goes through the services -----------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Not the admin's own: that would decode and store inside a transaction."""
        return uploads.page(self, request)

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        save_images(obj)

    @admin.action(description=_("Describe"), permissions=["change"])
    def describe_chosen(self, request: HttpRequest, chosen: QuerySet) -> HttpResponse:
        mine = self.changeable(request, chosen)[: describing.AT_ONCE]
        return describing.page(self, request, [DescriptionForm(instance=one) for one in mine])

    def replace(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Other bytes wherever this picture is shown; texts keep the address they have."""
        image = self.allowed(request, pk)
        form = PictureForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                self.log_change(request, replace_image(image, form.cleaned_data["file"]), "")
                messages.success(request, gettext("Replaced wherever it is shown."))
                return redirect("admin:media_image_change", pk)
            except ValidationError as error:
                form.add_error("file", error)
        title = gettext("Replace %(name)s") % {"name": image}
        used_in = places([image], request.user)[image.pk]
        return self.page(request, "replace", title, image=image, form=form, places=used_in)


def _too_large(image: Image) -> SafeString | str:
    told = gettext(
        "There are no smaller copies, every reader gets all of it: unpacking it takes too much "
        "memory. Replace it with a JPEG, or with one of at most 2,500 pixels each way."
    )
    return format_html('<p class="help">{}</p>', told) if image.is_too_large else ""
