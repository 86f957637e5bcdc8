"""Previews: a version as readers would see it, and secret links for people without an account."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from accounts.models import User
from blogsite.lib.markdown import Refused
from posts.content import lay_over
from posts.models import Post, PreviewLink, Version

SECRET_BYTES = 32
#: How exactly "last opened" is kept: a reader who turns back and forth costs one write.
NOTED_EVERY = timedelta(minutes=1)


def as_it_will_be(version: Version) -> tuple[Post, str]:
    """The post with this version, in memory only; and why its text cannot be shown, if so."""
    post = lay_over(Post.objects.for_page().get(pk=version.post_id), version.content)
    try:
        post.derive()
    except Refused as refused:
        post.body_html, post.toc = "", []
        return post, str(refused)
    return post, ""


def make_link(
    post: Post, *, by: User, days: int, version: Version | None = None, label: str = ""
) -> tuple[PreviewLink, str]:
    """A link, and its secret, which is never to be had again: only its hash is stored."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = PreviewLink.objects.create(
        post=post,
        version=version,
        secret_hash=_hash(secret),
        label=label,
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return link, secret


def withdraw(link: PreviewLink) -> None:
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def working_link(secret: str) -> PreviewLink | None:
    """The link of this secret, unless there is any reason why it should not open."""
    rows = PreviewLink.objects.select_related("post", "created_by", "version")
    link = rows.filter(secret_hash=_hash(secret)).first()
    if link is None or not link.works() or link.post.trashed_at:
        return None
    return link if may_show(link.created_by, link.post) else None


def is_open_to(person: Any, post: Post) -> bool:
    """Who may not publish works on drafts only: what is out stays as it was approved."""
    drafts = (Post.State.DRAFT, Post.State.REVIEW)
    return post.state in drafts or person.has_perm("posts.publish_post")


def may_show(person: User, post: Post) -> bool:
    """A link lives as long as whoever made it may write on the post at the desk."""
    if not (person.is_staff and person.has_perm("posts.change_post") and is_open_to(person, post)):
        return False
    return Post.objects.editable_by(person).filter(pk=post.pk).exists()


def note_opened(link: PreviewLink) -> None:
    now = timezone.now()
    if link.last_used_at is None or link.last_used_at < now - NOTED_EVERY:
        PreviewLink.objects.filter(pk=link.pk).update(last_used_at=now)


def _hash(secret: str) -> str:
    # Fast is safe here: nobody can try 256 random bits one after the other.
    return sha256(secret.encode(errors="replace")).hexdigest()
