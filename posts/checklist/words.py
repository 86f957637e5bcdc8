"""Title, text, headings, descriptions, topics, and what was left for later."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from blogsite.lib.text import unfinished
from blogsite.site.checklist import Check
from posts.checklist.draft import Draft
from posts.checklist.finding import Finding
from posts.models import Post

#: What the renderer reports, and the check it belongs to.
KINDS = {"alt": Check.ALT, "headings": Check.HEADINGS, "links": Check.INSIDE, "todo": Check.TODO}
#: Fields besides the text that readers see.
SHOWN = ("title", "dek", "cover_caption", "seo_title", "seo_description")


def title(draft: Draft) -> Iterator[Finding]:
    if not (draft.content.get("title") or "").strip():
        yield Finding(Check.TITLE, _("There is no title yet."), "id_title")


def text(draft: Draft) -> Iterator[Finding]:
    if draft.refused:
        yield Finding(Check.TEXT, draft.refused)
    elif not draft.body.strip():
        yield Finding(Check.TEXT, _("There is no text yet."))


def problems_of_text(draft: Draft) -> Iterator[Finding]:
    for problem in draft.rendered.problems if draft.rendered else ():
        if problem.kind in KINDS:
            yield Finding(KINDS[problem.kind], problem.message, line=problem.line)


def marks(draft: Draft) -> Iterator[Finding]:
    for name in SHOWN:
        for mark in unfinished(draft.content.get(name) or "", draft.language):
            told = _("“%(mark)s” is still in this field.") % {"mark": mark}
            yield Finding(Check.TODO, told, f"id_{name}")


def description(draft: Draft) -> Iterator[Finding]:
    fields = ("dek", "seo_description")
    if not any((draft.content.get(name) or "").strip() for name in fields):
        told = _("No standfirst and no description: lists will show the first sentences.")
        yield Finding(Check.DESCRIPTION, told, "id_dek")


def tags(draft: Draft) -> Iterator[Finding]:
    if draft.kind == Post.Kind.POST and not draft.content.get("tags"):
        yield Finding(Check.TAGS, _("No topic: the post appears under none."), "id_tags")
