"""What the page of one post needs to know, for readers and for previews."""

from typing import Any

from posts.models import Post


def page_context(post: Post) -> dict[str, Any]:
    """For a post that came by `PostQuerySet.for_page`."""
    around: dict[int | None, Post] = {
        other.pk: other for other in Post.objects.for_links([post.older_id, post.newer_id])
    }
    series = list(Post.objects.parts_of(post.series_id)) if post.series_id else []
    return {
        "post": post,
        "toc": [{"level": level, "id": ident, "title": title} for level, ident, title in post.toc],
        "series_posts": series,
        # Parts that are not out yet count: never "part 5 of 2".
        "series_total": max(len(series), post.series_position or 0),
        "previous": around.get(post.older_id),
        "next": around.get(post.newer_id),
    }
