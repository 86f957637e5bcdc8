from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from blogsite.site.checklist import Check


@dataclass(frozen=True)
class Finding:
    """One entry of the check list, and the place it is about."""

    check: Check
    message: str
    target: str = "id_body"  # of the field in the form
    line: int | None = None  # of the text, from 1
    stops: bool = False
    #: Worth knowing, and nothing wrong: it never stops a post and is no problem of it.
    hint: bool = False

    @property
    def linked(self) -> SafeString:
        """With the way to its place."""
        place = _("Line %(line)s") % {"line": self.line} if self.line else _("Show")
        return format_html('{} <a href="#{}">{}</a>', self.message, self.target, place)
