from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from blogsite.media.decoding import FORMATS
from blogsite.media.models import Image

#: Of a number; where a script may run, a click into the picture sets it.
FOCUS = {
    "data-hint": _("Click what must stay in sight, or move the point with the arrow keys."),
    "data-label": _("Focus: {x} % from the left, {y} % from the top"),
}


class ImageForm(forms.ModelForm):
    class Meta:
        model = Image
        fields = ["alt", "is_decorative", "focal_x", "focal_y"]
        widgets = {"focal_x": forms.NumberInput(FOCUS)}

    class Media:
        css = {"all": ["css/focus.css"]}
        js = [forms.Script("js/focus.js", type="module")]

    def clean(self) -> dict[str, Any]:
        """A picture is described, or said to need no description: never neither by neglect."""
        data = super().clean() or self.cleaned_data
        if data.get("is_decorative"):
            data["alt"] = ""
        elif "alt" in data and not data["alt"]:
            self.add_error("alt", _("Say what the picture shows, or mark it as decoration."))
        return data


class DescriptionForm(ImageForm):
    """One of many in a page: `alt-<key>` and `decorative-<key>`."""

    class Meta(ImageForm.Meta):
        fields = ["alt", "is_decorative"]

    def add_prefix(self, field_name: str) -> str:
        return f"{field_name.removeprefix('is_')}-{self.instance.pk}"


class PictureForm(forms.Form):
    file = forms.FileField(
        label=_("Picture"),
        allow_empty_file=True,  # refused by `store_image`, in its words
        widget=forms.FileInput(attrs={"accept": ",".join(mime for mime, _ext in FORMATS.values())}),
        help_text=_(
            "JPEG, PNG, WebP, AVIF or GIF. Where and with which camera it was taken is removed."
        ),
    )
