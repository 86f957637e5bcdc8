"""Mail to the people of a post: somebody asks, somebody answers, it is out."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from blogsite.site.models import SiteSettings
from posts.models import Post, Step


def tell_editors(step: Step) -> None:
    """A text was handed in: whoever may edit everything learns of it."""
    permissions = Permission.objects.filter(
        codename="edit_any_post", content_type__app_label="posts"
    )
    editors = User.objects.filter(
        Q(is_superuser=True)
        | Q(user_permissions__in=permissions)
        | Q(groups__permissions__in=permissions),
        is_staff=True,
    )
    _tell(editors.distinct(), "handed_in", step)


def tell_authors(step: Step) -> None:
    """A text was sent back, or has come out."""
    _tell(step.post.byline, "sent_back" if step.kind == Step.Kind.SENT_BACK else "out", step)


def _tell(people: Iterable[User], kind: str, step: Step) -> None:
    """One mail each, but none to who did it; in the language of the site.

    The mails are queued with the transaction under way.
    """
    site = SiteSettings.current()
    readers = [p for p in people if p.is_active and p.email and p.pk != step.by_id]
    with site.spoken():
        context = {"site": site, "post": step.post, "step": step, "url": _address(step.post, kind)}
        text = render_to_string(f"emails/posts/{kind}.txt", context)
        subject, _blank, body = text.strip().partition("\n")
        for reader in readers:
            send_mail(" ".join(subject.split()), body.strip() + "\n", None, [reader.email])


def _address(post: Post, kind: str) -> str:
    """Whole where the site knows its own host; else the path, which is still of some use."""
    change = reverse("admin:posts_post_change", args=[post.pk])
    path = post.get_absolute_url() if kind == "out" else change
    if not settings.CANONICAL_HOST:
        return path
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    return f"{scheme}://{settings.CANONICAL_HOST}{path}"
