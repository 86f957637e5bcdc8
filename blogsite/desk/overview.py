"""The first page of the desk: what to go on with, what waits, what needs a hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from blogsite.media.models import Image
from blogsite.stats.figures import site_views
from blogsite.tasks.models import QueuedTask
from posts.models import Autosave, NotFound, Post, Step
from posts.services.navigation import lost_in_navigation

SHOWN = 5
#: Fewer may be a slip of somebody's finger.
ASKED_OFTEN = 3
POSTS = "admin:posts_post_changelist"


@dataclass(frozen=True)
class Trouble:
    """Something that needs a hand, and where to lend it."""

    told: str
    why: str
    url: str


def overview(user: User) -> dict[str, Any]:
    posts = Post.objects.editable_by(user).for_lists()
    mine = Post.objects.owned_by(user).filter(trashed_at__isnull=True)
    can_write = user.has_perm("posts.add_post")
    if not can_write:
        return {"can_write": False, "troubles": list(_troubles(user))}
    now = timezone.now()
    scheduled = list(posts.scheduled(now).order_by("published_at")[:SHOWN])
    return {
        "can_write": True,
        "views": site_views(user, SHOWN),
        "greeting": _greeting(user),
        "unsaved": Autosave.objects.filter(user=user, post=None).first(),
        "drafts": list(mine.not_out_yet().for_lists().order_by("-touched_at")[:SHOWN]),
        "review": list(
            posts.filter(state="review", trashed_at__isnull=True).order_by("touched_at")[:20]
        ),
        "reviews": user.has_perm("posts.edit_any_post"),
        "scheduled": scheduled,
        "troubles": list(_troubles(user)),
        "lately": _lately(user),
    }


def _greeting(user: User) -> str:
    hour = timezone.localtime(timezone.now(), user.zone).hour
    if hour < 12:
        told = _("Good morning, %(name)s")
    elif hour < 18:
        told = _("Good afternoon, %(name)s")
    else:
        told = _("Good evening, %(name)s")
    return told % {"name": user}


def _lately(user: User) -> list[Step]:
    posts = Post.objects.editable_by(user).order_by().values("pk")
    return list(Step.objects.filter(post__in=posts).select_related("by", "post")[:6])


def _troubles(user: User) -> Iterator[Trouble]:
    if user.has_perm("posts.change_post"):
        yield from _broken_links(user)
    if user.has_perm("media.view_image"):
        bare = Image.objects.filter(alt="", is_decorative=False).count()
        told = ngettext(
            "One picture has no description", "%(n)s pictures have no description", bare
        )
        why = _("Readers who cannot see them miss something.")
        yield from _trouble(bare, told, why, "admin:media_image_changelist")
    if user.has_perm("site.change_sitesettings"):
        lost = lost_in_navigation()
        told = _("The navigation leads to what readers do not find")
        page = "admin:site_sitesettings_changelist"
        yield from _trouble(len(lost), told, ", ".join(lost), page)
    if user.has_perm("posts.view_notfound"):
        vain = NotFound.objects.filter(count__gte=ASKED_OFTEN).count()
        told = ngettext(
            "One address is asked for in vain", "%(n)s addresses are asked for in vain", vain
        )
        yield from _trouble(
            vain, told, _("A redirect would help."), "admin:posts_notfound_changelist"
        )
    if user.has_perm("tasks.view_queuedtask"):
        failed = QueuedTask.objects.filter(status="FAILED").count()
        told = ngettext("One task has failed", "%(n)s tasks have failed", failed)
        why = _("A mail that was not sent, a picture that was not made.")
        yield from _trouble(failed, told, why, "admin:tasks_queuedtask_changelist")


def _broken_links(user: User) -> Iterator[Trouble]:
    out = Post.objects.editable_by(user).live().order_by()
    dead = out.filter(problems__contains=" outside ").count()
    told = ngettext(
        "One post links to where nobody answers", "%(n)s posts link to where nobody answers", dead
    )
    yield from _trouble(dead, told, _("Readers meet a dead end."), POSTS, "outside")
    lost = out.filter(problems__contains=" inside ").count()
    told = ngettext(
        "One post has a broken link inside the site",
        "%(n)s posts have broken links inside the site",
        lost,
    )
    yield from _trouble(lost, told, _("Something was moved or deleted."), POSTS, "inside")


def _trouble(n: int, told: str, why: str, page: str, problem: str = "") -> Iterator[Trouble]:
    if n:
        query = f"?state=published&problem={problem}" if problem else ""
        yield Trouble(told % {"n": n}, why, reverse(page) + query)
