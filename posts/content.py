"""What a version holds, and how a post looks with it.

The fields named here are drafted: a save keeps them as a version, and readers see them when
the version is published. Every other field of a post is a live setting and works at once.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models

from accounts.models import User
from blogsite.prepared import Prepared
from posts.models import Authorship, FormerTag, Post, Tag

Content = dict[str, Any]
TOPICS = Prepared(lambda post: Tag.objects.filter(posts=post))
TOGETHER = Prepared(lambda post: Authorship.objects.filter(post=post).select_related("user"))

VERSIONED_FIELDS = (
    "title", "slug", "dek", "body", "language", "math", "smart_quotes",
    "cover", "cover_caption", "series", "series_position",
    "seo_title", "seo_description", "canonical_url", "social_image",
    "tags", "co_authors",
)  # fmt: skip
#: Live settings: they work as soon as they are saved, on a post that is out as well.
LIVE_FIELDS = (
    "kind", "published_at", "expires_at", "is_featured", "featured_until",
    "author", "visibility", "comments_mode", "noindex", "crawlers",
)  # fmt: skip
_RELATIONS = ("tags", "co_authors")


def field_of(name: str) -> Any:
    return Post._meta.get_field(name)


def key_of(name: str) -> str:
    """Under which name a version holds this field: its column, or that of the relation."""
    return name if name in _RELATIONS else field_of(name).attname


#: What is stored in the row itself, under the names of its columns.
COLUMNS = tuple(key_of(name) for name in VERSIONED_FIELDS if name not in _RELATIONS)


def content_of(post: Post) -> Content:
    """What the row holds now, as a version keeps it."""
    content = {name: getattr(post, name) for name in COLUMNS}
    if post.pk is None:
        return content | {"tags": [], "co_authors": []}
    content["tags"] = sorted(tag.pk for tag in post.tags.all())
    content["co_authors"] = [a.user_id for a in post.authorship_set.all()]
    return content


def fill_row(post: Post, content: Content) -> None:
    """Put the drafted columns into the row. What a version does not know stays as it is."""
    for name in COLUMNS:
        if name in content:
            setattr(post, name, content[name])


def lay_over(post: Post, content: Content) -> Post:
    """The post as it will be with this content: in memory only, relations included.

    What was deleted since (a picture, a series, a person) is left out; a topic that was
    merged into another is that other.
    """
    stored = {name: getattr(post, name) for name in COLUMNS}
    co_authors = [a.user_id for a in post.authorship_set.all()] if post.pk else []
    if post.pk:
        post.owners_in_row = {post.author_id, *co_authors}
    fill_row(post, content)
    for name in VERSIONED_FIELDS:
        field = field_of(name)
        if isinstance(field, models.ForeignKey):
            _forget_deleted(post, field, stored[field.attname])
    remember(post, tags=existing_tags(content.get("tags", ())))
    if content.get("co_authors", []) != co_authors:
        people = enumerate(existing_people(content.get("co_authors", ())), 1)
        written = [Authorship(post=post, user=person, position=n) for n, person in people]
        remember(post, authorship_set=written)
    vars(post).pop("byline", None)
    return post


def existing_tags(pks: Iterable[int], *, locked: bool = False) -> list[Tag]:
    """`locked`: nobody merges or deletes them before the transaction ends."""
    wanted = set(pks)
    if not wanted:
        return []
    rows = Tag.objects.select_for_update() if locked else Tag.objects.all()
    found = {tag.pk: tag for tag in rows.filter(pk__in=wanted).order_by("pk")}
    if gone := wanted - set(found):
        merged = FormerTag.objects.filter(former_id__in=gone).select_related("tag")
        found |= {former.tag_id: former.tag for former in merged}
    return sorted(found.values(), key=lambda tag: tag.name)


def existing_people(pks: Iterable[int]) -> list[User]:
    pks = list(pks)
    found = User.objects.in_bulk(pks) if pks else {}
    return [found[pk] for pk in pks if pk in found]


def _forget_deleted(post: Post, field: Any, stored: int | None) -> None:
    if getattr(post, field.attname) in (None, stored):
        return  # what the row itself names, the database keeps from vanishing
    row = field.related_model._default_manager.filter(pk=getattr(post, field.attname)).first()
    setattr(post, field.name, row)


def remember(post: Post, **found: list[Any]) -> None:
    """The rows of these relations, as `prefetch_related` leaves them."""
    # A copy of a post shares what it knew, and must not share what it learns.
    known = dict(vars(post).get("_prefetched_objects_cache", ()))
    vars(post)["_prefetched_objects_cache"] = known
    for name, rows in found.items():
        known.pop(name, None)
        answered = getattr(post, name).all()
        answered._result_cache, answered._prefetch_done = rows, True
        known[name] = answered
