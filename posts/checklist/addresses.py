"""Whether the post's own address is free, and whether its links inside the site lead somewhere."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blogsite.site.checklist import Check
from posts.checklist.draft import GATHERED, Draft
from posts.checklist.finding import Finding
from posts.links import InsideLink
from posts.models import Post
from posts.slugs import reserved_words


def slug(draft: Draft) -> Iterator[Finding]:
    if not draft.new_slugs:
        return  # it stays, or will be made from the title, and free
    address = {"address": f"/{draft.slug}/"}
    other = draft.posts.get(draft.slug)
    if draft.slug in reserved_words():
        yield _slug(_("The site needs the address %(address)s itself.") % address)
    elif other and not _is(other, draft.post):
        told = _("The address %(address)s belongs to “%(title)s”.")
        if not draft.may_name(other):
            told = _("The address %(address)s belongs to another post.")
        yield _slug(told % {**address, "title": other})
    elif draft.reader is None:  # who gets no hints
        return
    elif (before := draft.moved.get(draft.slug)) and not _is(before, draft.post):
        told = _("%(address)s was an address of “%(title)s”: old links to it will lead here.")
        if draft.may_name(before):
            yield _slug(told % {**address, "title": before}, hint=True)
    elif f"/{draft.slug}" in draft.redirects:
        told = _("A redirect leads from %(address)s elsewhere. This post will take its place.")
        yield _slug(told % address, hint=True)


def inside(draft: Draft) -> Iterator[Finding]:
    for link, kind, name in draft.inside:
        if kind == "upload" and name not in draft.images and name not in draft.files:
            yield _inside(draft, link, _("%(address)s is not in the media library."))
        elif kind == "post":
            yield from _to_post(draft, link, name)
        elif not _is_there(draft, kind, name) and not _redirected(draft, link):
            yield _inside(draft, link, _("%(address)s leads nowhere."))


def _to_post(draft: Draft, link: InsideLink, name: str) -> Iterator[Finding]:
    target = draft.posts.get(name)
    if target and (target.is_live() or _is(target, draft.post)):
        return
    if _redirected(draft, link):
        return
    moved = draft.moved.get(name)
    if moved and (moved.is_live() or _is(moved, draft.post)):
        told = _("%(address)s has moved to %(new)s. The old address still works.")
        yield _inside(draft, link, told, hint=True, new=moved.get_absolute_url())
    elif target and not draft.may_name(target):
        told = _("%(address)s leads nowhere.")
        yield _inside(draft, link, told, hint=target.is_scheduled())
    elif target and target.is_scheduled():
        when = date_format(timezone.localtime(target.published_at), "DATETIME_FORMAT")
        told = _("%(address)s leads to “%(title)s”, which goes out %(when)s: until then, nowhere.")
        yield _inside(draft, link, told, hint=True, title=target, when=when)
    elif target:
        told = _("%(address)s leads to “%(title)s”, which readers cannot see: %(condition)s.")
        yield _inside(draft, link, told, title=target, condition=target.condition())
    else:
        yield _inside(draft, link, _("%(address)s leads nowhere."))


def _is_there(draft: Draft, kind: str, name: str) -> bool:
    return (kind, name) in draft.gathered if kind in GATHERED else bool(kind)


def _redirected(draft: Draft, link: InsideLink) -> bool:
    return link.path in draft.redirects


def _is(row: Post, post: Post | None) -> bool:
    return post is not None and row.pk == post.pk


def _slug(message: str, *, hint: bool = False) -> Finding:
    return Finding(Check.SLUG, message, "id_slug", hint=hint)


def _inside(
    draft: Draft, link: InsideLink, told: str, *, hint: bool = False, **values: object
) -> Finding:
    message = told % {"address": link.address, **values}
    return Finding(Check.INSIDE, message, line=draft.line_of(link.address), hint=hint)
