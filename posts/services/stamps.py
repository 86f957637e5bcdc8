"""Which kept pages a post appears on."""

from datetime import UTC, datetime

from django.db.models import DateTimeField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from blogsite.prepared import Prepared
from blogsite.tasks import enqueue_on_commit
from posts.models import Post
from posts.tasks import look_again

#: What stands on the page before and after, and who stands there.
NAMED_BY_NEIGHBOURS = (
    *("title", "slug", "kind", "state", "visibility"),
    *("published_at", "expires_at", "trashed_at"),
)
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


def affected_pages(*states: Post | None) -> set[str]:
    """The stamps to move when a post goes from one of these states to another.

    A draft is on no page but its own. A scheduled post already bounds the life of the
    lists, so it moves them too. Its neighbours name it as previous or next. Names of
    topics and people have stamps of their own, moved when they are renamed.
    """
    known = [post for post in states if post is not None and post.pk]
    keys = {f"post:{post.pk}" for post in known}
    public = [post for post in known if post.state == Post.State.PUBLISHED and not post.trashed_at]
    if public:
        keys.add("lists")
    keys |= {f"series:{post.series_id}" for post in public if post.series_id}
    if len(known) == 2 and all(_same(known, name) for name in NAMED_BY_NEIGHBOURS):
        return keys
    for post in {post.published_at: post for post in public}.values():
        keys |= {f"post:{pk}" for pk in neighbours(post)}
    return keys


def _around(now: datetime, at: datetime, pk: int) -> QuerySet[Post, int]:
    """The listed posts before and after this place, and what is unlisted between them: its pages
    name them, too."""
    here = Value(at, DateTimeField())
    older = Post.objects.listed(now, here).exclude(pk=pk).older_than(at, pk)
    newer = Post.objects.listed(now).exclude(pk=pk).newer_than(at, pk)
    first = Coalesce(Subquery(older.values("published_at")[:1]), Value(BEGINNING))
    last = Coalesce(Subquery(newer.values("published_at")[:1]), Value(now))
    between = Post.objects.live(now, last).filter(kind="post", published_at__gte=first)
    between = between.filter(visibility__in=["public", "unlisted"]).order_by()
    return between.values_list("pk", flat=True)


AROUND = Prepared(_around)


def neighbours(post: Post) -> set[int]:
    """The posts whose pages name this one as the one before or after, by time."""
    at = post.published_at
    return set(AROUND.ask(now=timezone.now(), at=at, pk=post.pk)) if at else set()


def _same(posts: list[Post], name: str) -> bool:
    return len({getattr(post, name) for post in posts}) == 1


def look_at_links_to(before: Post | None, row: Post) -> None:
    """Where a post comes out, goes or moves, links of others to it lead elsewhere: a task looks,
    and another one when the time of the post is over."""
    now, then = ({post.slug} if post and post.is_live() else set() for post in (row, before))
    if now != then:
        enqueue_on_commit(look_again, *sorted(now | then))
    if _end(row) not in (None, _end(before)) and look_again.get_backend().supports_defer:
        enqueue_on_commit(look_again.using(run_after=row.expires_at), row.slug)


def _end(post: Post | None) -> tuple[str, datetime] | None:
    """Which address leads nowhere from when on, as far as is known now."""
    if post and post.expires_at and post.state == Post.State.PUBLISHED and not post.trashed_at:
        return post.slug, post.expires_at
    return None
