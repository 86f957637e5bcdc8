"""Which posts are most like a post: found when it was written, not when it is read.

Shared topics count, rare ones for more than those that every second post has; among equals the
newer comes first. What readers may see of it is asked when the page is made.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import log
from typing import Any

from blogsite.pagecache import stamping, touch
from posts.models import Post
from posts.querysets import PostQuerySet

MOST = 6
#: Of each topic so many of the newest posts are looked at.
OF_A_TOPIC = 100


def relate(pks: Iterable[int]) -> int:
    """Look anew at these posts and at those that are like them; how many lists changed.

    In one transaction each: the list is stored, the stamp of the page moved.
    """
    changed, done = 0, set[int]()
    for pk in pks:
        row = Post.objects.filter(pk=pk)
        # Written meanwhile, it is due again.
        same = row.filter(touched_at__in=list(row.values_list("touched_at", flat=True)))
        like = most_like(pk)
        changed += _store(same, like, relations_due=False)
        for other in set(like) - done:
            changed += _store(Post.objects.filter(pk=other), most_like(other))
        done |= {pk, *like}
    return changed


def most_like(pk: int) -> list[int]:
    """The keys of the public posts most like this one, best first."""
    links = Post.tags.through._default_manager
    mine = list(links.filter(post_id=pk).values_list("tag_id", flat=True))
    weights: defaultdict[int, float] = defaultdict(float)
    newest: dict[int, Any] = {}
    for tag in mine:
        rows = Post.objects.listed().filter(tags=tag).exclude(pk=pk)
        found = list(rows.values_list("pk", "published_at")[:OF_A_TOPIC])
        for other, published_at in found:
            newest[other] = published_at
            weights[other] += 1 / log(2 + len(found))
    best = sorted(weights, key=lambda other: (weights[other], newest[other]), reverse=True)
    return best[:MOST]


def _store(row: PostQuerySet, related: list[int], **values: Any) -> bool:
    with stamping():
        known = row.values_list("pk", "related").first()
        is_new = known is not None and (known[1] or []) != related
        row.update(related=related, **values)
        if known and is_new:
            touch(f"post:{known[0]}")
    return is_new
