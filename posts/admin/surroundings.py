"""What stands around the text on the writing page: state, checks, versions, kept text."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from blogsite.site.models import SiteSettings
from posts.admin.typed import as_typed
from posts.checklist import Finding, check
from posts.checklist.words import SHOWN
from posts.content import content_of
from posts.models import Autosave, Post, Step
from posts.services import autosaving

VERSIONS_SHOWN = 5


def surroundings(request: HttpRequest, post: Post | None, form: Any) -> dict[str, Any]:
    user = cast(User, request.user)
    rows = post.versions.select_related("author").defer("content") if post else ()
    versions = list(rows[:VERSIONS_SHOWN])
    newest = versions[0] if versions else None
    site_zone = timezone.get_current_timezone_name()
    kept = None if form.is_bound else _unsaved(post, user)
    return {
        "title": str(post or _("New post")),
        "findings": _findings(post, form),
        "versions": versions,
        "newest": newest,
        "is_ahead": bool(post and newest and post.live_number != newest.number),
        "may_publish": user.has_perm("posts.publish_post"),
        "may_review": user.has_perm("posts.edit_any_post"),
        "last_step": _last_word(post),
        "kept": kept if kept and "kept" not in request.GET else None,
        "is_kept_shown": bool(kept and "kept" in request.GET),
        "site_zone": site_zone,
        "own_zone": user.time_zone if user.time_zone != site_zone else "",
        "user_zone": user.zone,
    }


def _unsaved(post: Post | None, user: User) -> Autosave | None:
    """What was kept, unless it is what the newest version says anyway."""
    kept = autosaving.kept(post, user)
    if kept is None or post is None:
        return kept
    saved = as_typed(content_of(post))
    told = any(
        saved.get(name, []) != value for name, value in kept.content.items() if name in saved
    )
    return kept if told else None


def _findings(post: Post | None, form: Any) -> list[Finding]:
    """Of what is shown in the form: the newest version, or what was just typed."""
    if form.is_bound:
        post = form.instance
    elif post is None:
        return []
    content = content_of(post)
    if form.is_bound:
        content |= {name: form[name].value() or "" for name in (*SHOWN, "body", "slug")}
        content["tags"] = form["tags"].value() or form["new_tags"].value()
    return check(content, post=post, site=SiteSettings.current(), reader=form.writer)


def _last_word(post: Post | None) -> Step | None:
    """What was said when the post was last handed in or sent back, while that still matters."""
    step = post.steps.select_related("by").first() if post else None
    return step if step and step.kind in (Step.Kind.HANDED_IN, Step.Kind.SENT_BACK) else None
