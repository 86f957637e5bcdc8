"""The parts of a series: which number comes next, and all of them put into order."""

from collections.abc import Iterable
from itertools import count

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from posts.content import Content, content_of
from posts.models import Post
from posts.services.refusals import NotSaved
from posts.services.saving import amend

LAST = 1_000_000
HIGHEST = 9_999


def next_part(series_id: int, *, without: int | None = None) -> int:
    """The number after the last part; the highest may be that of several."""
    parts = Post.objects.filter(series_id=series_id).exclude(pk=without or 0)
    return min((parts.aggregate(last=Max("series_position"))["last"] or 0) + 1, HIGHEST)


def parts_in_order(series_id: int) -> list[Post]:
    """All parts outside the trash, whatever their state; those without a number are last."""
    parts = Post.objects.filter(series_id=series_id, trashed_at=None).with_byline()
    return sorted(parts, key=_place)


def arrange(
    series_id: int, wanted: dict[int, int | None], *, may_edit: Iterable[int], by: User
) -> list[str]:
    """Number the parts 1 to n in the wanted order; what could not be done, in sentences.

    Where two want one number, a part that moves up stands before the one that is there, and a
    part that moves down after it. Parts that this person may not edit keep their number.
    """
    parts = parts_in_order(series_id)
    own = [post for post in parts if post.pk in set(may_edit)]
    taken = {post.series_position for post in parts if post not in own}
    free = (number for number in count(1) if number not in taken)
    own.sort(key=lambda post: _wanted_place(post, wanted.get(post.pk, post.series_position)))
    problems = []
    for post, number in zip(own, free, strict=False):
        try:
            _set_number(post, series_id, number, by)
        except NotSaved as problem:
            problems.append(problem.of(post))
    return problems


def _set_number(post: Post, series_id: int, number: int, by: User) -> None:
    """In the text that is out and in the draft over it; a draft that left the series stays out."""

    def renumbered(content: Content) -> Content:
        is_part = content["series_id"] == series_id
        return content | {"series_position": number} if is_part else content

    newest = post.newest_version()
    texts = [content_of(post), *([newest.content] if newest else [])]
    if any(renumbered(text) != text for text in texts):
        amend(post, renumbered, by=by, note=_("Part %(number)s") % {"number": number})


def _place(post: Post) -> tuple[int, bool, float, int]:
    when = post.published_at.timestamp() if post.published_at else 0.0
    return post.series_position or LAST, post.published_at is None, when, post.pk


def _wanted_place(post: Post, wanted: int | None) -> tuple[int, int, tuple[int, bool, float, int]]:
    now = post.series_position or LAST
    number = LAST if wanted is None else wanted
    return number, (number > now) - (number < now), _place(post)
