"""Links to other sites: whether anybody answered there when it was last asked."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blogsite.site.checklist import Check
from posts.checklist.draft import Draft
from posts.checklist.finding import Finding
from posts.models import OutsideLink


def dead(draft: Draft) -> Iterator[Finding]:
    """What is known from earlier looks. Nobody is asked while somebody waits."""
    for row in draft.noted.values() if draft.outside else ():
        if row.state == OutsideLink.State.DEAD and row.url in draft.outside:
            told = _("%(address)s leads nowhere: %(answer)s")
            message = told % {"address": row.url, "answer": _(row.answer)}
            yield Finding(Check.OUTSIDE, message, line=draft.line_of(row.url))


def unsafe(draft: Draft) -> Iterator[Finding]:
    links = draft.rendered.links if draft.rendered else ()
    plain = [link for link in links if link.lower().startswith("http://")]
    if plain:
        told = ngettext(
            "%(count)d link uses http. Readers’ browsers may warn.",
            "%(count)d links use http. Readers’ browsers may warn.",
            len(plain),
        )
        message = told % {"count": len(plain)}
        yield Finding(Check.OUTSIDE, message, line=draft.line_of(plain[0]), hint=True)
