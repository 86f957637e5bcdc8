"""What is being typed, kept apart from the versions: one row for each person and post."""

from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from posts.models import Autosave, Post


def keep(post: Post | None, *, user: User, content: dict[str, Any], base: int | None) -> Autosave:
    """Overwrite what this person last typed into this post, or into one not saved yet."""
    values = {"content": content, "base_number": base}
    try:
        with transaction.atomic():
            return Autosave.objects.update_or_create(post=post, user=user, defaults=values)[0]
    except IntegrityError:  # two windows of one person, at the very first keystroke
        return Autosave.objects.update_or_create(post=post, user=user, defaults=values)[0]


def kept(post: Post | None, user: User) -> Autosave | None:
    return Autosave.objects.filter(post=post, user=user).first()


def forget(post: Post | None, user: User) -> None:
    Autosave.objects.filter(post=post, user=user).delete()


def forget_saved(post: Post | None, user: User, *, content: dict[str, Any], kept_at: str) -> None:
    """Let go of what was kept if it has been saved now: shown in the form, or the same words.

    Something else that was kept and never looked at stays.
    """
    row = kept(post, user)
    if row and (row.content == content or row.saved_at.isoformat() == _moment(kept_at)):
        row.delete()


def _moment(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""
