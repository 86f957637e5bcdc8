"""The picture a post is shared with: drawn after it was written, not while somebody waits."""

import logging
import time
from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, pre_save

from accounts.signals import person_renamed
from blogsite.media import cards, leaving
from blogsite.media.programs import Impossible
from blogsite.media.signals import picture_changed
from blogsite.pagecache import stamping, touch
from blogsite.site import look
from blogsite.site.colour import Oklch, to_hex
from blogsite.site.models import SiteSettings
from posts.models import Post
from posts.querysets import PostQuerySet

logger = logging.getLogger(__name__)

AT_ONCE = 200
SECONDS_AT_ONCE = 60.0
INK, MUTED = (0.25, 0.012), (0.5, 0.02)
#: What a card shows of the site.
OF_THE_SITE = ("title", "accent", "paper", "typeface")


def card_of(post: Post, site: SiteSettings) -> cards.Card:
    hue = look.HUE_OF_PAPER[site.paper]
    words = cards.Words(
        title=str(post),
        author=", ".join(map(str, post.byline)),
        site=site.title,
        accent=to_hex(look.accent_by_day(site.accent)),
        paper=to_hex(Oklch(*look.PAPER_BY_DAY, hue)),
        ink=to_hex(Oklch(*INK, hue)),
        muted=to_hex(Oklch(*MUTED, hue)),
        typeface=site.typeface,
    )
    return cards.Card(f"post {post.pk}", words, post.social_image or post.cover)


def draw_due() -> int:
    """Draw the cards of posts that were written since the last look, newest first.

    For each: the file; then in one transaction the row, a note that the old file is to go, and
    the stamp of the page. Whoever is killed leaves the mark, and the next look goes on.
    """
    site, drawn, ends_at = SiteSettings.current(), 0, time.monotonic() + SECONDS_AT_ONCE
    due = Post.objects.live().filter(card_due=True).order_by("-published_at")
    for post in due.select_related("cover", "social_image").with_byline()[:AT_ONCE]:
        if time.monotonic() > ends_at:
            break
        drawn += _draw(post, site)
    return drawn


def _draw(post: Post, site: SiteSettings) -> bool:
    try:
        name = cards.draw(card_of(post, site))
    except Impossible:
        logger.exception("card.impossible", extra={"post": post.pk})
        name = ""
    rows = Post.objects.filter(pk=post.pk)
    # Written meanwhile, it is due again.
    same = rows.filter(touched_at=post.touched_at)
    with stamping():
        if name == post.card:
            same.update(card_due=False)
        elif same.update(card=name, card_due=False):
            _let_go(post)
            touch(f"post:{post.pk}")
            return True
    return False


def listen() -> None:
    """What else stands on a card may change without the post."""
    pre_save.connect(_site_changes, sender=SiteSettings, dispatch_uid="posts.cards")
    person_renamed.connect(_person_renamed, dispatch_uid="posts.cards")
    picture_changed.connect(_picture_changed, dispatch_uid="posts.cards")
    post_delete.connect(_post_deleted, sender=Post, dispatch_uid="posts.cards")


def _again(posts: PostQuerySet) -> None:
    """What is not out is due already, or will be by the save that puts it out."""
    posts.live().filter(card_due=False).update(card_due=True)


def _site_changes(sender: Any, instance: SiteSettings, **more: Any) -> None:
    before = SiteSettings.objects.filter(pk=instance.pk).first() or SiteSettings()
    if any(getattr(before, name) != getattr(instance, name) for name in OF_THE_SITE):
        _again(Post.objects.all())


def _person_renamed(sender: Any, *, pk: int, **more: Any) -> None:
    _again(Post.objects.filter(Q(author=pk) | Q(co_authors=pk)))


def _picture_changed(sender: Any, *, pk: int, **more: Any) -> None:
    _again(Post.objects.filter(Q(cover=pk) | Q(social_image=pk)))


def _post_deleted(sender: Any, instance: Post, **more: Any) -> None:
    _let_go(instance)


def _let_go(post: Post) -> None:
    if post.card:
        leaving.note(post.card)
