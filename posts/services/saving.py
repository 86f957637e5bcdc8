"""Saving and publishing: the one way in for the admin, the sample blog and whatever else writes."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, Literal

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from blogsite.pagecache import stamping, touch
from blogsite.site.models import SiteSettings
from posts.checklist import Finding, codes, look_over
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
from posts.search import Names, forget, index, names_on, with_names
from posts.services.addresses import keep_old_address
from posts.services.navigation import follow_in_navigation
from posts.services.stamps import affected_pages, look_at_links_to


class NewerVersion(Exception):
    """Somebody saved since the text was opened. Nothing was written."""

    def __init__(self, newest: Version) -> None:
        super().__init__(newest)
        self.newest = newest


class AddressTaken(Exception):
    """Another post got this address first. Nothing was written."""

    def __init__(self, slug: str) -> None:
        told = _("The address /%(slug)s/ belongs to another post. Choose another one.")
        super().__init__(told % {"slug": slug})


class PutAway(Exception):
    """The post was put in the trash meanwhile. Nothing was written."""

    def __str__(self) -> str:
        return _("The post is in the trash. Take it out there, then save what you wrote here.")


class Stopped(Exception):
    """The check list says that this must not go out. Nothing was written."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(found.message for found in findings))
        self.findings = findings


def save_draft(
    post: Post,
    *,
    content: Content,
    by: User | None,
    note: str = "",
    base: int | None = None,
    live: dict[str, Any] | None = None,
) -> Post:
    """Keep what was written as a version; on a published post readers see nothing of it.

    In order: the HTML is made (before the transaction, it is slow); then in one
    transaction the live settings, the version, and unless the post is published its row,
    topics, co-authors and old address; the words it is found by; last the stamps of the pages
    that show it.
    `base` is the version the text was begun from: a newer one raises `NewerVersion`.
    """
    return _save(post, content, by=by, note=note, base=base, live=live, reach="draft")


def publish(
    post: Post,
    *,
    content: Content | None = None,
    by: User | None,
    note: str = "",
    base: int | None = None,
    live: dict[str, Any] | None = None,
) -> Post:
    """Let readers have this content, or the newest version, now or at `published_at`.

    In order as `save_draft`; what the site's check list stops raises `Stopped`, the row
    always follows, the post is published, a step notes it. Readers have it within a second.
    """
    if content is None:
        newest = post.newest_version()
        base = newest.number if newest else None
        content = present_content(post, newest)
    return _save(post, content, by=by, note=note, base=base, live=live, reach="readers")


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
    again. `NewerVersion` is raised, and nothing stored, if somebody saves meanwhile.
    """
    newest = post.newest_version()
    number = newest.number if newest else 0
    row_content = content_of(post)
    draft = present_content(post, newest)
    change_draft = change_draft or change
    with stamping():
        if post.state == Post.State.PUBLISHED and draft != row_content:
            row = _save(
                post, change(row_content), by=by, note=note, base=number, live=None, reach="row"
            )
            number = row.live_number or number
            return save_draft(post, content=change_draft(draft), by=by, note=note, base=number)
        return _save(
            post, change_draft(draft), by=by, note=note, base=number, live=None, reach="row"
        )


def set_live(post: Post, *, by: User | None, **values: Any) -> Post:
    """Change live settings alone: no version; search and the pages that show the post follow."""
    with stamping():
        row = _locked(post, by)
        before = copy(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.validate_constraints()
        row.save()
        newest = row.newest_version() if row.is_ahead else None
        index(row, draft=newest.content if newest else None)
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


def delete_posts(posts: Iterable[Post]) -> None:
    """Remove posts for good, with their versions, and every page that showed them."""
    posts = list(posts)
    gone = [post.pk for post in posts]
    with stamping():
        for post in posts:
            touch(*affected_pages(post), removed=True)
            post.delete()
        forget(gone)


# -- one save --------------------------------------------------------------------------------


def _save(
    post: Post,
    content: Content,
    *,
    by: User | None,
    note: str,
    base: int | None,
    live: dict[str, Any] | None,
    reach: Literal["draft", "row", "readers"],
) -> Post:
    content["slug"] = content["slug"] or Post(pk=post.pk, title=content["title"]).slug_from_title()
    derived = _derived(post, content)
    found, outside = look_over(content, post=post, site=SiteSettings.current())
    if reach == "readers" and any(one.stops for one in found):
        raise Stopped([one for one in found if one.stops])
    try:
        with stamping():
            row = _locked(post, by)
            newest = _newest_unless_newer(row, base, content)
            before = copy(row) if row.pk else None
            for name, value in (live or {}).items():
                setattr(row, name, value)
            if reach == "readers":
                _put_out(row)
            _set_times(row)
            number = _number(newest, content, note)
            row.problems = codes(found)
            row.validate_constraints()
            # A draft over what is out is nothing that readers see.
            shown = reach != "draft" or row.state != Post.State.PUBLISHED
            if shown:
                _fill(row, before, content, derived, number)
                is_live = newest and before and newest.number == before.live_number
                _relate(row, content, stored=newest.content if newest and is_live else {})
            else:
                row.save()
            if newest is None or number != newest.number:
                Version.objects.create(
                    post=row, number=number, author=by, note=note, content=content
                )
            if reach == "readers":
                _note_step(row, before, by)
            note_outside_links(row, outside)
            names = _names_as_read(row, content if shown else None) if before else None
            index(row, names=names, draft=None if shown else content)
            if shown or live:
                _touch(before, row)
    except IntegrityError:
        if Post.objects.filter(slug=content["slug"]).exclude(pk=post.pk).exists():
            raise AddressTaken(content["slug"]) from None
        raise
    return row


def _derived(post: Post, content: Content) -> dict[str, Any]:
    """The derived columns of this content. Milliseconds: never inside a transaction."""
    shown = copy(post)
    fill_row(shown, content)
    shown.derive()
    return {name: getattr(shown, name) for name in (*DERIVED_FIELDS, "_derived_from")}


def _locked(post: Post, by: User | None) -> Post:
    """The row as it is now. The lock makes two savers of one post follow each other."""
    if post.pk is None:
        return Post(author_id=post.author_id or (by.pk if by else None), kind=post.kind)
    row = with_names(Post.objects.select_for_update(of=["self"])).get(pk=post.pk)
    if row.trashed_at:
        raise PutAway
    return row


def _newest_unless_newer(row: Post, base: int | None, content: Content) -> Version | None:
    newest = Version.objects.filter(post=row).first() if row.pk else None
    if newest and base is not None and newest.number > base and newest.content != content:
        raise NewerVersion(newest)
    return newest


def _put_out(row: Post) -> None:
    now = timezone.now()
    row.state = Post.State.PUBLISHED
    if row.expires_at and row.expires_at <= max(now, row.published_at or now):
        row.expires_at = None  # it had been taken down by time, and is wanted again


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


def _relate(row: Post, content: Content, *, stored: Content) -> None:
    """Let topics and people follow. What stands in the version that is out needs no look."""
    if all(content[name] == stored.get(name) for name in ("tags", "co_authors")):
        return
    if content["tags"] != sorted(row.tags.order_by().values_list("pk", flat=True)):
        row.tags.set(existing_tags(content["tags"], locked=True))
    if content["co_authors"] != list(row.authorship_set.values_list("user_id", flat=True)):
        _set_co_authors(row, existing_people(content["co_authors"]))


def _names_as_read(row: Post, content: Content | None) -> Names | None:
    """Of topics and people as they were read with the row, if they are still those of the post."""
    names = names_on(row)
    tags, people = ({one["pk"] for one in part} for part in names)
    if content and (tags, people) != ({*content["tags"]}, {row.author_id, *content["co_authors"]}):
        return None
    return names if row.author_id in people else None


def _reads_differently(before: Post, after: Post) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in ("title", "dek", "body"))


def _set_co_authors(row: Post, people: list[User]) -> None:
    wanted = [person.pk for person in people if person.pk != row.author_id]
    row.authorship_set.all().delete()
    Authorship.objects.bulk_create(
        Authorship(post=row, user_id=pk, position=n) for n, pk in enumerate(wanted, 1)
    )


def _note_step(row: Post, before: Post | None, by: User | None) -> None:
    kind = Step.Kind.SCHEDULED if row.is_scheduled() else Step.Kind.PUBLISHED
    if before and before.is_live() and row.is_live():
        kind = Step.Kind.UPDATED
    Step.objects.create(post=row, kind=kind, by=by)
