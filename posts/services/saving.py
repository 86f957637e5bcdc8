"""Saving and publishing: the one way in for the admin, the sample blog and whatever else writes."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from blogsite.lib.markdown import Refused
from blogsite.pagecache import stamping, touch
from blogsite.site.models import SiteSettings, held
from posts.checklist import Finding, codes, look_over
from posts.checklist.draft import Draft
from posts.content import (
    LIVE_FIELDS,
    Content,
    content_of,
    existing_people,
    existing_tags,
    fill_row,
    lay_over,
)
from posts.models import Authorship, Post, Step, Tag, Version
from posts.models.post import DERIVED_FIELDS
from posts.outside_links import note_outside_links
from posts.search import PERSON, Names, forget, index
from posts.services.addresses import keep_old_address
from posts.services.navigation import follow_in_navigation
from posts.services.refusals import (
    AddressTaken,
    CannotStep,
    NewerVersion,
    NotSaved,
    PutAway,
    Stopped,
    locked,
    newest_of,
)
from posts.services.stamps import affected_pages, look_at_links_to


def save_draft(
    post: Post,
    *,
    content: Content,
    by: User | None,
    note: str = "",
    base: int | None = None,
    live: dict[str, Any] | None = None,
    look: Callable[[Post], None] | None = None,
) -> Post:
    """Keep what was written as a version; on a published post readers see nothing of it.

    In order: the HTML is made (before the transaction, it is slow); then in one
    transaction the live settings, the version, and unless the post is published its row,
    topics, co-authors and old address; the words it is found by; last the stamps of the pages
    that show it.
    `base` is the version the text was begun from: a newer one raises `NewerVersion`. What would
    bring a post before readers is refused. `look` meets the row as it is now, and may refuse too.
    """
    return _save(post, content, by=by, note=note, base=base, live=live, look=look, reach="draft")


def publish(
    post: Post,
    *,
    content: Content | None = None,
    by: User | None,
    note: str = "",
    base: int | None = None,
    live: dict[str, Any] | None = None,
    look: Callable[[Post], None] | None = None,
) -> Post:
    """Let readers have this content, or the newest version, now or at `published_at`.

    In order as `save_draft`; what the site's check list stops raises `Stopped`, the row
    always follows, the post is published, a step notes it. Readers have it within a second.
    """
    if content is None:
        newest = post.newest_version()
        base = newest.number if newest else None
        content = present_content(post, newest)
    return _save(post, content, by=by, note=note, base=base, live=live, look=look, reach="readers")


def present_content(post: Post, version: Version | None) -> Content:
    """What of a version there still is: pictures, series, topics and people may be gone."""
    return content_of(lay_over(copy(post), version.content) if version else post)


def save_post(
    post: Post,
    *,
    by: User | None,
    note: str = "",
    tags: Iterable[Tag] | None = None,
    co_authors: Iterable[User] | None = None,
) -> Post:
    """Store a post as it stands in memory, whatever its state: for importers and samples."""
    content = content_of(post)
    if tags is not None:
        content["tags"] = sorted(tag.pk for tag in tags)
    if co_authors is not None:
        content["co_authors"] = [person.pk for person in co_authors]
    live = {name: getattr(post, name) for name in (*LIVE_FIELDS, "state", "trashed_at")}
    if post.is_live():
        live["announced_at"] = post.announced_at or timezone.now()  # it is no news
    saved = _save(post, content, by=by, note=note, base=None, live=live, reach="row")
    post.__dict__.update(saved.__dict__)
    return post


def amend(
    post: Post,
    change: Callable[[Content], Content],
    change_draft: Callable[[Content], Content] | None = None,
    *,
    by: User | None,
    note: str = "",
) -> Post:
    """Change something small everywhere at once: in what is out, and in a draft over it.

    In one transaction the live row and its version, then the draft as the newest version
    again. Nothing is stored if somebody has changed the post since it was read.
    """
    change_draft = change_draft or change
    how: dict[str, Any] = {"by": by, "note": note, "base": None, "live": None}
    with stamping():
        row = _locked(post, by)
        if (row.live_number, row.state) != (post.live_number, post.state):
            raise CannotStep
        newest = post.newest_version()
        live, draft = content_of(post), present_content(post, newest)
        is_ahead = newest and newest.number != row.live_number and draft != live
        if row.state == Post.State.PUBLISHED and is_ahead:
            _save(post, change(live), reach="row", **how)
            return _save(post, change_draft(draft), reach="draft", **how)
        return _save(post, change_draft(draft), reach="row", **how)


@held()
def set_live(post: Post, *, by: User | None, **values: Any) -> Post:
    """Change live settings alone: no version; search and the pages that show the post follow."""
    with stamping():
        row = _locked(post, by)
        before = copy(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.validate_constraints()
        row.save()
        if row.author_id != before.author_id:
            _follow_author(row)
        newest, names = newest_of(row)
        content = newest.content if newest and newest.number != row.live_number else None
        index(row, names=names, draft=content)
        _touch(before, row)
    return row


def _touch(before: Post | None, row: Post) -> None:
    """Move the stamps; what somebody may no longer read is not shown once more from memory."""
    hidden = before is not None and before.is_live() and not _is_as_open(row, before)
    touch(*affected_pages(before, row), removed=hidden)
    look_at_links_to(before, row)


def _is_as_open(row: Post, before: Post) -> bool:
    """Nobody who could read it has to be kept out now."""
    return row.is_live() and (row.visibility == before.visibility or row.visibility == "public")


def delete_posts(posts: Iterable[Post]) -> list[int]:
    """Remove posts for good, with their versions, and every page that showed them. One that was
    taken out of the trash meanwhile stays. Which are gone."""
    known = {post.pk: post.trashed_at for post in posts}
    with stamping():
        rows = Post.objects.select_for_update().filter(pk__in=known)
        gone = {row.pk: row for row in rows if row.trashed_at == known[row.pk]}
        for row in gone.values():
            touch(*affected_pages(row), removed=True)
            row.delete()
        forget(gone)
    return list(gone)


# -- one save --------------------------------------------------------------------------------


@held()
def _save(
    post: Post,
    content: Content,
    *,
    by: User | None,
    note: str,
    base: int | None,
    live: dict[str, Any] | None,
    reach: Literal["draft", "row", "readers"],
    look: Callable[[Post], None] | None = None,
) -> Post:
    content["slug"] = content["slug"] or Post(pk=post.pk, title=content["title"]).slug_from_title()
    derived = _derived(post, content)
    found, looked_at = _checked(post, content, reach)
    try:
        with stamping():
            row = _locked(post, by)
            newest, names = newest_of(row)
            if newest and base is not None and newest.number > base and newest.content != content:
                raise NewerVersion(row.newest_version())
            before = copy(row) if row.pk else None
            if look:
                look(row)
            for name, value in (live or {}).items():
                setattr(row, name, value)
            if reach == "readers":
                _put_out(row)
            elif reach == "draft" and live and before:
                _stay_where_it_is(row, before)
            _set_times(row)
            number = _number(newest, content, note)
            row.problems = codes(found)
            row.validate_constraints()
            # A draft over what is out is nothing that readers see.
            shown = reach != "draft" or row.state != Post.State.PUBLISHED
            if shown:
                _fill(row, before, content, derived, number)
                is_live = newest and before and newest.number == before.live_number
                stored = newest.content if newest and is_live else {}
                names = _relate(row, before, names, content, stored)
            else:
                row.save()
                if before and before.author_id != row.author_id:
                    names = _follow_author(row)
            if newest is None or number != newest.number:
                Version.objects.create(
                    post=row, number=number, author=by, note=note, content=content
                )
            if reach == "readers":
                _note_step(row, before, by)
            note_outside_links(row, looked_at.outside, looked_at.noted)
            index(row, names=names, draft=None if shown else content)
            if shown or live:
                _touch(before, row)
    except IntegrityError:
        if Post.objects.filter(slug=content["slug"]).exclude(pk=post.pk).exists():
            raise AddressTaken(content["slug"]) from None
        raise
    return row


def _checked(post: Post, content: Content, reach: str) -> tuple[list[Finding], Draft]:
    """What the check list finds. It stops what goes out; a taken address stops a draft as well."""
    found, looked_at = look_over(content, post=post, site=SiteSettings.current())
    other = looked_at.posts.get(content["slug"]) if looked_at.new_slugs else None
    if reach == "draft" and other and other.pk != post.pk:
        raise AddressTaken(content["slug"])
    if reach == "readers" and any(one.stops for one in found):
        raise Stopped([one for one in found if one.stops])
    return found, looked_at


def _derived(post: Post, content: Content) -> dict[str, Any]:
    """The derived columns of this content. Milliseconds: never inside a transaction."""
    shown = copy(post)
    fill_row(shown, content)
    try:
        shown.derive()
    except Refused as refused:
        raise NotSaved(str(refused)) from None
    return {name: getattr(shown, name) for name in (*DERIVED_FIELDS, "_derived_from")}


def _locked(post: Post, by: User | None) -> Post:
    if post.pk is None:
        return Post(author_id=post.author_id or (by.pk if by else None), kind=post.kind)
    row = locked(post.pk)
    if row.trashed_at:
        raise PutAway
    return row


def _put_out(row: Post) -> None:
    now = timezone.now()
    row.state = Post.State.PUBLISHED
    if row.expires_at and row.expires_at <= max(now, row.published_at or now):
        row.expires_at = None  # it had been taken down by time, and is wanted again


def _stay_where_it_is(row: Post, before: Post) -> None:
    """Saving a draft puts nothing out: that is for a button which says so, and looks first."""
    if before.is_live():
        row.published_at = row.published_at or before.published_at
    elif row.is_live() or (row.state == Post.State.PUBLISHED and row.published_at is None):
        told = _("Readers would have it at once. Press “Update” for that, or choose a later time.")
        raise ValidationError(told)


def _set_times(row: Post) -> None:
    if row.state != Post.State.PUBLISHED:
        return
    now = timezone.now().replace(microsecond=0)
    row.published_at = row.published_at or now
    if row.first_published_at is None or row.first_published_at > now:
        row.first_published_at = row.published_at


def _number(newest: Version | None, content: Content, note: str) -> int:
    """An unchanged text with nothing said about it is no new version."""
    if newest is None:
        return 1
    return newest.number if newest.content == content and not note else newest.number + 1


def _fill(
    row: Post, before: Post | None, content: Content, derived: dict[str, Any], number: int
) -> None:
    """Let the row follow the content, and its addresses the row."""
    fill_row(row, content)
    vars(row).update(derived)
    row.live_number = number
    now = timezone.now().replace(microsecond=0)
    if before and before.is_live(now) and row.is_live(now) and _reads_differently(before, row):
        row.edited_at = now
    row.save()
    if before is None or before.slug != row.slug or before.is_live() != row.is_live():
        keep_old_address(row, before)
    if before and before.slug != row.slug:
        follow_in_navigation(before.slug, row.slug)


def _relate(row: Post, before: Post | None, names: Names, content: Content, old: Content) -> Names:
    """Let topics and people follow. By which names the post is found.

    `old` is what the version that is out holds: only there people stand in their order.
    """
    tags, people = names
    if content["tags"] != sorted(tag["pk"] for tag in tags):
        tags = _set_tags(row, existing_tags(content["tags"], locked=True), bool(tags))
    wanted = [pk for pk in content["co_authors"] if pk != row.author_id]
    author = before.author_id if before else None
    together = {person["pk"] for person in people} - {author}
    is_same_order = len(wanted) < 2 or content["co_authors"] == old.get("co_authors")
    stay = {*wanted} == together and is_same_order
    if not stay or author != row.author_id:
        found = existing_people([row.author_id, *wanted])
        people = [{name: getattr(one, name) for name in PERSON} for one in found]
    if not stay:
        _set_co_authors(row, found[1:], bool(together))
    return tags, people


def _set_tags(row: Post, tags: list[Tag], has_some: bool) -> list[dict[str, Any]]:
    rows = Post.tags.through._default_manager
    if has_some:
        rows.filter(post=row).exclude(tag__in=tags).delete()
    chosen = (Post.tags.through(post_id=row.pk, tag_id=tag.pk) for tag in tags)
    rows.bulk_create(chosen, ignore_conflicts=True)
    return [{"pk": tag.pk, "name": tag.name} for tag in tags]


def _reads_differently(before: Post, after: Post) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in ("title", "dek", "body"))


def _set_co_authors(row: Post, people: list[User], has_some: bool) -> None:
    if has_some:
        row.authorship_set.all().delete()
    Authorship.objects.bulk_create(
        Authorship(post=row, user=person, position=n) for n, person in enumerate(people, 1)
    )


def _follow_author(row: Post) -> Names:
    """The co-authors that the version which is out names, without the author; see `_relate`."""
    out = row.versions.filter(number=row.live_number or 0).first()
    named = out.content["co_authors"] if out else ()
    _set_co_authors(row, existing_people(pk for pk in named if pk != row.author_id), True)
    return newest_of(row)[1]


def _note_step(row: Post, before: Post | None, by: User | None) -> None:
    kind = Step.Kind.SCHEDULED if row.is_scheduled() else Step.Kind.PUBLISHED
    if before and before.is_live() and row.is_live():
        kind = Step.Kind.UPDATED
    Step.objects.create(post=row, kind=kind, by=by)
