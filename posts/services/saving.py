"""Saving a post: the one way in for the admin, the sample blog and whatever else writes."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import User
from blogsite.pagecache import stamping, touch
from posts.models import Authorship, Post, SlugHistory, Tag, Version
from posts.services.stamps import affected_pages

#: What a version holds of the row itself; topics and co-authors are added by id.
VERSIONED_FIELDS = (
    "title",
    "slug",
    "dek",
    "body",
    "language",
    "math",
    "smart_quotes",
    "cover_id",
    "cover_caption",
    "series_id",
    "series_position",
    "seo_title",
    "seo_description",
    "canonical_url",
    "social_image_id",
)


def save_post(
    post: Post,
    *,
    by: User | None,
    note: str = "",
    tags: Iterable[Tag] | None = None,
    co_authors: Iterable[User] | None = None,
) -> Post:
    """Store a post with its topics and co-authors, and keep what was written as a version.

    In order: the HTML is made (before the transaction, it is slow); then in one
    transaction the row, topics, co-authors, the old address, the version, and last the
    stamps of the pages that show it. `None` for topics or co-authors leaves them alone.
    """
    post.derive()
    now = timezone.now().replace(microsecond=0)
    with stamping():
        # The lock makes two savers of one post follow each other: numbers stay unique.
        before = Post.objects.select_for_update().filter(pk=post.pk).first() if post.pk else None
        _set_times(post, before, now)
        post.save()
        _keep_old_address(post, before)
        tag_ids = _set_tags(post, tags)
        co_author_ids = _set_co_authors(post, co_authors)
        content = {name: getattr(post, name) for name in VERSIONED_FIELDS}
        content |= {"tags": tag_ids, "co_authors": co_author_ids}
        _add_version(post, content, by=by, note=note)
        touch(*affected_pages(before, post))
    return post


def _set_times(post: Post, before: Post | None, now: Any) -> None:
    if post.state == Post.State.PUBLISHED:
        post.published_at = post.published_at or now
        post.first_published_at = post.first_published_at or post.published_at
    if before and before.is_live(now) and post.is_live(now) and _reads_differently(before, post):
        post.edited_at = now


def _reads_differently(before: Post, after: Post) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in ("title", "dek", "body"))


def _keep_old_address(post: Post, before: Post | None) -> None:
    """An address that readers may know goes on leading here; a reused one no longer does."""
    SlugHistory.objects.filter(slug=post.slug).delete()
    if before and before.slug != post.slug and before.first_published_at:
        SlugHistory.objects.update_or_create(slug=before.slug, defaults={"post": post})


def _set_tags(post: Post, tags: Iterable[Tag] | None) -> list[int]:
    if tags is None:
        return sorted(post.tags.values_list("pk", flat=True))
    tags = list(tags)
    post.tags.set(tags)
    return sorted({tag.pk for tag in tags})


def _set_co_authors(post: Post, people: Iterable[User] | None) -> list[int]:
    held = list(Authorship.objects.filter(post=post).values_list("user_id", flat=True))
    if people is None:
        return held
    wanted = [person.pk for person in people if person.pk != post.author_id]
    if wanted != held:
        post.authorship_set.all().delete()
        Authorship.objects.bulk_create(
            Authorship(post=post, user_id=pk, position=n) for n, pk in enumerate(wanted, 1)
        )
    return wanted


def _add_version(post: Post, content: dict[str, Any], *, by: User | None, note: str) -> None:
    newest = Version.objects.filter(post=post).first()
    if newest and newest.content == content and not note:
        return
    number = newest.number + 1 if newest else 1
    Version.objects.create(post=post, number=number, author=by, note=note, content=content)


def delete_posts(posts: Iterable[Post]) -> None:
    """Remove posts for good, with their versions, and every page that showed them."""
    posts = list(posts)
    with stamping():
        for post in posts:
            touch(*affected_pages(post), removed=True)
            post.delete()
