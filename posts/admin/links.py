"""After a post moved: the links to it in other posts, led to its new address in one step."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from posts.admin.pages import page, post_or_refuse, route
from posts.admin.redirect_tables import our_hosts
from posts.models import Post
from posts.services.inside_links import Linking, Moved, lead_on, posts_linking_to_old_addresses
from posts.services.navigation import lost_in_navigation
from posts.services.refusals import NotSaved

AT_ONCE = 50
JUST_NOW = timedelta(minutes=1)


def urls(admin: Any) -> list[URLPattern]:
    return [route(admin, "<int:pk>/links/", "post_links", links)]


def offer_rewriting(request: HttpRequest, post: Post) -> SafeString | None:
    """What to tell who has just moved a post that others link to."""
    moved = Moved(post, our_hosts(request))
    if moved.last_at is None or moved.last_at < timezone.now() - JUST_NOW:
        return None
    count = len(moved.candidates())
    if not count:
        return None
    told = ngettext(
        "The address has changed. The old one leads here; %d post still links to it.",
        "The address has changed. The old one leads here; %d posts still link to it.",
        count,
    )
    look = reverse("admin:posts_post_links", args=[post.pk])
    return format_html('{} <a href="{}">{}</a>', told % count, look, _("Look at the links"))


def links(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """First what would change; the button changes it in the posts that this person may edit."""
    post = post_or_refuse(admin, request, pk, admin.has_change_permission)
    found, more = posts_linking_to_old_addresses(post, our_hosts(request), most=AT_ONCE)
    mine = [one for one in found if admin.has_change_permission(request, one.post)]
    if request.method == "POST":
        _lead_on(request, mine)
        return HttpResponseRedirect(request.path)
    others = [one for one in found if one not in mine]
    seen = Post.objects.visible_to(request.user).filter(pk__in=[one.post.pk for one in others])
    visible = set(seen.values_list("pk", flat=True))
    return page(
        admin,
        request,
        "post/links",
        _("Links to this post"),
        original=post,
        mine=mine,
        others=[one for one in others if one.post.pk in visible],
        hidden=sum(one.post.pk not in visible for one in others),
        more=more,
    )


def _lead_on(request: HttpRequest, rows: list[Linking]) -> None:
    done = 0
    for one in rows:
        try:
            lead_on(one, by=cast(User, request.user))
            done += 1
        except NotSaved as problem:
            messages.warning(request, problem.of(one.post))
    told = ngettext("%d post links to the new address.", "%d posts link to the new address.", done)
    messages.success(request, told % done)


def warn_of_navigation(request: HttpRequest) -> None:
    """Who takes a page from readers hears that the navigation still leads to it."""
    told = _("The navigation still leads to “%(name)s”, which readers do not find.")
    settings = reverse("admin:site_sitesettings_changelist")
    link = format_html(' <a href="{}">{}</a>', settings, _("To the settings"))
    may_mend = request.user.has_perm("site.change_sitesettings")
    for name in lost_in_navigation():
        sentence = told % {"name": name}
        messages.warning(request, format_html("{}{}", sentence, link if may_mend else ""))
