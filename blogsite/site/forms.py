from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from blogsite.site import links, validators
from blogsite.site.checklist import OPTIONAL
from blogsite.site.head import Head
from blogsite.site.models import SiteSettings

#: The size of an icon on a home screen.
LEAST_ICON = 180
ICON_TYPES = ("image/png", "image/jpeg")


class LinksField(forms.CharField):
    """Links as plain lines. What was typed comes back as typed when a line is wrong."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return links.as_text(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[links.Link]:
        return links.parse(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(links.as_text(initial or []), data)


class ChecksField(forms.MultipleChoiceField):
    """Names of checks, stored as one line."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[(check.value, check.label) for check in OPTIONAL], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        return " ".join(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class SiteSettingsForm(forms.ModelForm):
    navigation = LinksField(
        label=_("Navigation"),
        required=False,
        help_text=_(
            "One link a line: a name, then the address. Like “About us /about/”. Up to five short "
            "ones stay on one line on a phone."
        ),
    )
    social_links = LinksField(
        label=_("Elsewhere"),
        required=False,
        help_text=_("Where else readers find you, one a line. Like “Mastodon https://…”."),
    )

    stopping_checks = ChecksField(
        label=_("What stops a post"),
        required=False,
        help_text=_(
            "Looked at before a post goes out. What is chosen here keeps it back; the rest is "
            "advice. A title, a text and a free address are always needed."
        ),
    )

    class Meta:
        model = SiteSettings
        fields = ()  # those that the admin names for whoever asks
        widgets = {
            "accent": forms.ColorInput,
            "footer_text": forms.Textarea(attrs={"rows": 4}),
            "head_code": forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        }
        help_texts = {
            "tagline": _("One line beside the title."),
            "description": _("For search engines and shared links. Empty: the tagline."),
            "language": _(
                "Of the pages, their dates and hyphenation, whatever a reader’s browser prefers."
            ),
            "time_zone": _("In which you schedule posts and readers see dates."),
            "footer_text": _("Who writes here, an imprint, a promise. Markdown."),
            "accent": _(
                "The one colour beside ink and paper. Its hue is yours; how light it is follows "
                "from where it stands, so that everybody can read it."
            ),
            "typeface": _("From the reader’s own device: nothing to download."),
            "logo": _(
                "Stands where the title would; the title is still what is read aloud. Draw it "
                "dark: if it can be seen through, it gets a light ground on dark pages."
            ),
            "icon": _("For tabs, bookmarks and home screens. A square of 180 pixels or more."),
            "head_code": _(
                "Proof that the site is yours, or a counter: link, meta and script, nothing else. "
                "On public pages only; never on this side, on previews or on pages about errors."
            ),
            "head_hosts": _(
                "From which it may fetch scripts and style sheets. Like “stats.example.org”, with "
                "commas between. They can see who reads what: trust them."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("language", [(code, _own_name(code)) for code in validators.LANGUAGES])
        self._offer("time_zone", [(name, name) for name in validators.time_zones()])

    def clean_icon(self) -> Any:
        icon = self.cleaned_data["icon"]
        if icon and not (icon.width == icon.height >= LEAST_ICON and icon.mime in ICON_TYPES):
            told = _(
                "An icon is a square PNG or JPEG of at least %(least)s pixels; this is a %(type)s "
                "of %(width)s × %(height)s."
            )
            about = {"type": icon.mime.partition("/")[2].upper(), "least": LEAST_ICON}
            size = {"width": icon.width, "height": icon.height}
            raise ValidationError(told, params=about | size)
        return icon

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        # Not everybody who may change the settings is given these two.
        head = Head(data.get("head_code", ""), data.get("head_hosts", ""))
        if head.refused and "head_code" in self.fields:
            self.add_error("head_code", head.refused)
        return data

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """A list to choose from; what is stored stays on it even if it is no longer usual."""
        stored = getattr(self.instance, name)
        if stored not in dict(choices):
            choices = [(stored, stored), *choices]
        self.fields[name].widget = forms.Select(choices=choices)


def _own_name(code: str) -> str:
    return str(get_language_info(code)["name_local"]).capitalize()
