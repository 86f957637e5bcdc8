from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from blogsite.media.decoding import FORMATS
from blogsite.media.models import Image
from blogsite.media.services import StorageAway, store_image


class ImageForm(forms.ModelForm):
    class Meta:
        model = Image
        fields = ["alt", "is_decorative", "focal_x", "focal_y"]

    def clean(self) -> dict[str, Any]:
        """A picture is described, or said to need no description: never neither by neglect."""
        data = super().clean() or self.cleaned_data
        if data.get("is_decorative"):
            data["alt"] = ""
        elif "alt" in data and not data["alt"]:
            self.add_error("alt", _("Say what the picture shows, or mark it as decoration."))
        return data


class UploadForm(ImageForm):
    file = forms.FileField(
        label=_("Picture"),
        allow_empty_file=True,  # refused by `store_image`, in its words
        widget=forms.FileInput(attrs={"accept": ",".join(mime for mime, _ext in FORMATS.values())}),
        help_text=_(
            "JPEG, PNG, WebP, AVIF or GIF. Where and with which camera it was taken is removed."
        ),
    )

    class Meta(ImageForm.Meta):
        fields = ["alt", "is_decorative"]

    field_order = ["file", "alt", "is_decorative"]

    def store(self, *, by: Any) -> Image | None:
        """The stored picture; or None, and the form says why."""
        given = self.cleaned_data
        try:
            return store_image(
                given["file"], by=by, alt=given["alt"], is_decorative=given["is_decorative"]
            )
        except ValidationError as error:
            self.add_error("file", error)
        except StorageAway:
            away = _("The storage for pictures does not answer. Try again in a minute.")
            self.add_error("file", away)
        return None
