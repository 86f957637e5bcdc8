"""Topics and series: saved, merged and removed with the pages that name them."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from blogsite.lib.text import first_free, slugify
from blogsite.pagecache import stamping, touch
from blogsite.tasks import enqueue_on_commit
from posts.models import FormerTag, Post, Series, Tag
from posts.services.indexing import index_again
from posts.tasks import look_again


class TopicGone(Exception):
    """One of the topics was merged or deleted meanwhile. Nothing was written."""

    def __str__(self) -> str:
        return _("Somebody else merged or deleted one of these topics. Nothing was changed.")


def tags_named(names: Iterable[str]) -> list[Tag]:
    """The topics of these names; those that are none yet are made, many as quickly as one."""
    wanted = {name.lower(): name for name in names}
    if not wanted:
        return []
    try:
        return _found_or_made(wanted)
    except IntegrityError:  # two people ask for one at once
        return _found_or_made(wanted)


def _found_or_made(wanted: dict[str, str]) -> list[Tag]:
    bases = {key: slugify(name)[:75].rstrip("-") or "unnamed" for key, name in wanted.items()}
    alike = (Q(name__iexact=wanted[key]) | Q(slug__startswith=bases[key]) for key in wanted)
    rows = list(Tag.objects.filter(reduce(or_, alike)))
    found, taken = {tag.name.lower(): tag for tag in rows}, {tag.slug for tag in rows}
    new = []
    for key in [key for key in wanted if key not in found]:
        new.append(Tag(name=wanted[key], slug=first_free(bases[key], taken)))
        taken.add(new[-1].slug)
    if new:
        with transaction.atomic():
            Tag.objects.bulk_create(new)
            _give_away([tag.slug for tag in new])
    return [*new, *(found[key] for key in wanted.keys() & found.keys())]


def save_gathering(row: Tag | Series) -> None:
    """Store a topic or series; every page that names it follows, lists included.

    A topic that gets a new address can still be found at its old one.
    """
    with stamping():
        is_tag = isinstance(row, Tag)
        renamed = is_tag and row.pk and not Tag.objects.filter(pk=row.pk, name=row.name).exists()
        found_by_name = _lock_posts_of({row.pk}) if renamed else []
        before = Tag.objects.select_for_update().filter(pk=row.pk).first() if is_tag else None
        row.save()
        index_again(found_by_name)
        if is_tag:
            _give_away([row.slug])
        if before and before.slug != row.slug:
            _give_away([before.slug])
            FormerTag.objects.create(slug=before.slug, tag_id=row.pk)
        touch(*_pages_of(row))
        enqueue_on_commit(look_again, row.slug)


def delete_gatherings(rows: Iterable[Tag | Series]) -> None:
    """Remove topics or series. Their posts stay."""
    rows = list(rows)
    with stamping():
        found_by_name = _lock_posts_of({row.pk for row in rows if isinstance(row, Tag)})
        for row in rows:
            touch(*_pages_of(row))
            row.delete()
        index_again(found_by_name)
        if rows:
            enqueue_on_commit(look_again, *(row.slug for row in rows))


def merge_tags(into: Tag, others: Iterable[Tag]) -> int:
    """Make several topics one; how many posts got it. `TopicGone` if one is no more.

    In one transaction: their posts get the topic that stays, what led to them leads to it,
    then they go. No version is rewritten: one that names a topic that went finds by its number
    (`posts.content.existing_tags`) the one that stayed.
    """
    gone = {tag.pk for tag in others} - {into.pk}
    with stamping():
        found_by_name = _lock_posts_of(gone)
        tags = list(Tag.objects.select_for_update().filter(pk__in={into.pk, *gone}).order_by("pk"))
        if len(tags) != len(gone) + 1:
            raise TopicGone
        moved = _hand_over(gone, into)
        FormerTag.objects.filter(tag__in=gone).update(tag=into)
        old = [tag for tag in tags if tag.pk in gone]
        _give_away([tag.slug for tag in old])
        FormerTag.objects.bulk_create(
            FormerTag(slug=tag.slug, former_id=tag.pk, tag=into) for tag in old
        )
        Tag.objects.filter(pk__in=gone).delete()
        index_again(found_by_name)
        for tag in tags:
            touch(*_pages_of(tag))
    return moved


def _lock_posts_of(tags: set[int]) -> list[int]:
    """First, as whoever saves a post does, so that the two never wait for each other."""
    posts = Post.objects.filter(pk__in=Post.objects.filter(tags__in=tags).values("pk"))
    return list(posts.select_for_update().order_by("pk").values_list("pk", flat=True))


def _hand_over(tags: set[int], into: Tag) -> int:
    relations = Post.tags.through._default_manager
    theirs = relations.filter(tag__in=tags).values_list("post_id", flat=True)
    missing = set(theirs) - set(relations.filter(tag_id=into.pk).values_list("post_id", flat=True))
    relations.bulk_create(Post.tags.through(post_id=pk, tag_id=into.pk) for pk in sorted(missing))
    return len(missing)


def _give_away(slugs: list[str]) -> None:
    """A topic that exists takes its address from one that once had it.

    The number of a merged topic still leads old versions on, so its row stays, under a name
    that is nobody's address.
    """
    for former in FormerTag.objects.filter(slug__in=slugs):
        if former.former_id is None:
            former.delete()
        else:
            former.slug = f"~{former.former_id}"
            former.save()


def _pages_of(row: Tag | Series) -> tuple[str, str]:
    """Pages of posts name their topics and series as dependencies of their own."""
    return f"{row._meta.model_name}:{row.pk}", "lists"
