from typing import Any

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from blogsite.site import links, validators
from blogsite.site.checklist import OPTIONAL
from blogsite.site.models import SiteSettings


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
            "Looked at before a post goes out. What is chosen here must hold; the rest is advice. "
            "A title, a text and a free address are always needed."
        ),
    )

    class Meta:
        model = SiteSettings
        fields = (
            "title",
            "tagline",
            "description",
            "language",
            "time_zone",
            "navigation",
            "social_links",
            "footer_text",
            "accent",
            "paper",
            "typeface",
            "home_layout",
            "posts_per_page",
            "crawlers",
            "offers_markdown",
            "lists_members_posts",
            "stopping_checks",
        )
        widgets = {"accent": forms.ColorInput, "footer_text": forms.Textarea(attrs={"rows": 4})}
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
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("language", [(code, _own_name(code)) for code in validators.LANGUAGES])
        self._offer("time_zone", [(name, name) for name in validators.time_zones()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """A list to choose from; what is stored stays on it even if it is no longer usual."""
        stored = getattr(self.instance, name)
        if stored not in dict(choices):
            choices = [(stored, stored), *choices]
        field = self.fields[name]
        field.widget = forms.Select(choices=choices)


def _own_name(code: str) -> str:
    return str(get_language_info(code)["name_local"]).capitalize()
