"""Which kept pages a post appears on."""

from posts.models import Post


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
    for post in {post.published_at: post for post in public}.values():
        keys |= {f"post:{other.pk}" for other in neighbours(post) if other}
    return keys


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """The listed posts before and after this one, by time."""
    if post.published_at is None:
        return None, None
    others = Post.objects.listed().exclude(pk=post.pk).only("pk")
    place = post.published_at, post.pk
    return others.older_than(*place).first(), others.newer_than(*place).first()
