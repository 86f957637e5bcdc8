"""What can be done to many posts at once: told beforehand for each, and taken back afterwards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from blogsite.pagecache import stamping
from blogsite.site.models import SiteSettings
from blogsite.site.services import NavigationFull
from posts.checklist import check
from posts.content import Content, content_of, existing_tags, field_of
from posts.models import Post, Series, Tag
from posts.services import steps
from posts.services.navigation import is_in_navigation, put_into_navigation, take_out_of_navigation
from posts.services.refusals import CannotStep, NotSaved, locked
from posts.services.saving import amend, delete_posts, publish, set_live
from posts.services.series import next_part

#: How one post is put back: JSON, kept with the person's session until the next deed.
Undo = dict[str, Any]


#: Where a post stands.
STANDING = ("state", "published_at", "trashed_at")
WRITTEN_ON = gettext_lazy("was written on since; it stays as it is")


class NotThisOne(NotSaved):
    """Why a post is left as it is."""

    about = gettext_lazy("“%(post)s” %(why)s")


@dataclass(frozen=True)
class Deed:
    """One thing to do. `plan` says what will happen to a post, or raises `NotThisOne`; `do` is
    told what was planned, and raises `NotSaved`."""

    name: str
    label: Any
    needs: str
    plan: Callable[[Post, Any], str]
    do: Callable[[Post, Any, User, str], Undo | None]
    #: What must be chosen first: a form field of this name.
    asks: str = ""
    #: Offered in the trash, or outside it.
    in_trash: bool = field(default=False)


# -- what will happen ------------------------------------------------------------------------


def _plan_publish(post: Post, value: Any) -> str:
    if post.state == Post.State.PUBLISHED and not post.is_ahead:
        raise NotThisOne(_("is out as it is"))
    content = post.newest_version().content
    for found in check(content, post=post, site=SiteSettings.current()):
        if found.stops:
            raise NotThisOne(found.message)
    if post.published_at and post.published_at > timezone.now():
        when = date_format(timezone.localtime(post.published_at), _("j M Y, H:i"))
        return _("goes out %(when)s") % {"when": when}
    return _("readers get the newest version") if post.is_live() else _("goes out now")


def _from_states(*begins: str, told: Any) -> Callable[[Post, Any], str]:
    def plan(post: Post, value: Any) -> str:
        if post.state not in begins:
            raise NotThisOne(_("is not there: %(state)s") % {"state": post.condition()})
        return str(told)

    return plan


def _always(told: Any) -> Callable[[Post, Any], str]:
    return lambda post, value: str(told)


def _plan_setting(name: str) -> Callable[[Post, Any], str]:
    def plan(post: Post, value: Any) -> str:
        if getattr(post, name) == value:
            raise NotThisOne(_("is so already"))
        return setting_in_words(name, value)

    return plan


def setting_in_words(name: str, value: Any) -> str:
    chosen = dict(field_of(name).flatchoices or ()).get(value, value)
    if isinstance(chosen, datetime):
        chosen = date_format(timezone.localtime(chosen), _("j M Y, H:i"))
    words = {True: _("Yes"), False: _("No"), None: "–"}
    return f"{field_of(name).verbose_name}: {words.get(chosen, chosen)}"


def _plan_add_tag(post: Post, tag: Tag) -> str:
    if tag in existing_tags(post.newest_version().content["tags"]):
        raise NotThisOne(_("has this topic already"))
    return _("gets the topic %(name)s") % {"name": tag}


def _plan_remove_tag(post: Post, tag: Tag) -> str:
    if tag not in existing_tags(post.newest_version().content["tags"]):
        raise NotThisOne(_("does not have this topic"))
    return _("loses the topic %(name)s") % {"name": tag}


def _plan_into_navigation(post: Post, value: Any) -> str:
    if post.kind != Post.Kind.PAGE:
        raise NotThisOne(_("is no page"))
    if is_in_navigation(post.slug):
        raise NotThisOne(_("is there already"))
    if not post.is_live() or post.visibility == Post.Visibility.MEMBERS:
        raise NotThisOne(_("cannot be read by everybody"))
    return _("is named in the navigation of every page")


def _plan_out_of_navigation(post: Post, value: Any) -> str:
    if not is_in_navigation(post.slug):
        raise NotThisOne(_("is not there"))
    return _("is no longer named in the navigation")


def _plan_co_author(post: Post, person: User) -> str:
    content = post.newest_version().content
    if person.pk in (post.author_id, *content["co_authors"]):
        raise NotThisOne(_("is by this person already"))
    return _("is by %(name)s as well") % {"name": person}


def _plan_series(post: Post, series: Series) -> str:
    if post.newest_version().content["series_id"] == series.pk:
        raise NotThisOne(_("is a part of it already"))
    return _("becomes a part of %(name)s") % {"name": series}


# -- doing it, and how it is taken back ------------------------------------------------------


def _step(step: Callable[..., Post]) -> Callable[[Post, Any, User, str], Undo]:
    return lambda post, value, by, told: _as_it_was(post, step(post, by=by))


def _do_publish(post: Post, value: Any, by: User, told: str) -> Undo | None:
    after = publish(post, by=by)
    # What readers have seen of an update cannot be unseen.
    return None if post.state == Post.State.PUBLISHED else _as_it_was(post, after)


def _as_it_was(before: Post, after: Post, names: Iterable[str] = STANDING) -> Undo:
    """The values to go back to, and those of the deed: where somebody went on, they stay."""
    text = {"live_number"} if "state" in names else set()
    return {"was": _values(before, names), "left": _values(after, {*names, *text})}


def _values(post: Post, names: Iterable[str]) -> dict[str, Any]:
    """As a session keeps them."""
    found = {name: getattr(post, name) for name in names}
    return {n: v.isoformat() if isinstance(v, datetime) else v for n, v in found.items()}


def _do_delete(post: Post, value: Any, by: User, told: str) -> None:
    if not delete_posts([post]):
        raise CannotStep


def _do_setting(name: str) -> Callable[[Post, Any, User, str], Undo]:
    def do(post: Post, value: Any, by: User, told: str) -> Undo:
        after = set_live(post, by=by, **{name: value})
        return _as_it_was(post, after, [field_of(name).attname])

    return do


def _do_add_tag(post: Post, tag: Tag, by: User, told: str) -> Undo:
    return _amended(post, by, told, lambda old: {"tags": sorted({*old["tags"], tag.pk})})


def _do_remove_tag(post: Post, tag: Tag, by: User, told: str) -> Undo:
    return _amended(post, by, told, lambda o: {"tags": [pk for pk in o["tags"] if pk != tag.pk]})


def _do_co_author(post: Post, person: User, by: User, told: str) -> Undo:
    return _amended(post, by, told, lambda o: {"co_authors": [*o["co_authors"], person.pk]})


def _do_series(post: Post, series: Series, by: User, told: str) -> Undo:
    part = {"series_id": series.pk, "series_position": next_part(series.pk)}
    return _amended(post, by, told, lambda old: part)


def _do_into_navigation(post: Post, value: Any, by: User, told: str) -> Undo:
    _put_into_navigation(post)
    return {"navigation": []}


def _do_out_of_navigation(post: Post, value: Any, by: User, told: str) -> Undo:
    return {"navigation": take_out_of_navigation(post)}


def _put_into_navigation(post: Post, entries: Any = None) -> None:
    try:
        put_into_navigation(post, entries)
    except NavigationFull as full:
        raise NotThisOne(str(full)) from None


def _amended(post: Post, by: User, note: str, change: Callable[[Content], Content]) -> Undo:
    row, draft = content_of(post), post.newest_version().content
    amend(post, lambda content: content | change(content), by=by, note=note)
    names = ("tags", "co_authors", "series_id", "series_position")
    kept = [{name: content[name] for name in names} for content in (row, draft)]
    return {"contents": kept, "newest": post.newest_version().number}


def take_back(post: Post, undo: Undo, *, by: User) -> None:
    """Put one post back to where it was before the deed, unless somebody went on with it."""
    if "contents" in undo:
        _take_contents_back(post, undo, by)
    elif "was" in undo:
        _take_values_back(post, undo["was"], undo["left"], by)
    elif entries := undo["navigation"]:
        _put_into_navigation(post, entries)
    else:
        take_out_of_navigation(post)


def _take_values_back(post: Post, was: dict[str, Any], left: dict[str, Any], by: User) -> None:
    values = {n: parse_datetime(v) if v and n.endswith("_at") else v for n, v in was.items()}
    if not User.objects.filter(pk=was.get("author_id", by.pk)).exists():
        raise NotThisOne(_("was by somebody who is gone"))
    with stamping():
        if _values(locked(post.pk), left) != left:
            raise NotThisOne(str(WRITTEN_ON))
        back = steps.put_back if "state" in values else set_live
        back(post, by=by, **values)


def _take_contents_back(post: Post, undo: Undo, by: User) -> None:
    if post.newest_version().number != undo["newest"]:
        raise NotThisOne(str(WRITTEN_ON))
    row, draft = undo["contents"]
    amend(post, lambda c: c | row, lambda c: c | draft, by=by, note=_("Taken back"))


OWN = "posts.change_post"
PUBLISHED = "posts.publish_post"
EVERYBODYS = "posts.edit_any_post"
NAVIGATION = "site.change_sitesettings"


def _setting(name: str, column: str, label: Any, needs: str) -> Deed:
    return Deed(name, label, needs, _plan_setting(column), _do_setting(column), asks=column)


DEEDS = {
    deed.name: deed
    for deed in (
        Deed("publish", gettext_lazy("Publish"), PUBLISHED, _plan_publish, _do_publish),
        Deed(
            "take_down",
            gettext_lazy("Make it a draft"),
            PUBLISHED,
            _from_states("published", "archived", told=gettext_lazy("becomes a draft")),
            _step(steps.take_down),
        ),
        Deed(
            "archive",
            pgettext_lazy("put away", "Archive"),
            PUBLISHED,
            _from_states("published", told=gettext_lazy("leaves the pages of readers")),
            _step(steps.archive),
        ),
        Deed("add_tag", gettext_lazy("Add a topic"), OWN, _plan_add_tag, _do_add_tag, "tag"),
        Deed(
            "remove_tag",
            gettext_lazy("Remove a topic"),
            OWN,
            _plan_remove_tag,
            _do_remove_tag,
            "tag",
        ),
        Deed("series", gettext_lazy("Put into a series"), OWN, _plan_series, _do_series, "series"),
        _setting("visibility", "visibility", gettext_lazy("Who can read it"), PUBLISHED),
        _setting("feature", "is_featured", gettext_lazy("Feature, or no longer"), EVERYBODYS),
        _setting("author", "author", gettext_lazy("Change the author"), EVERYBODYS),
        Deed(
            "into_navigation",
            gettext_lazy("Put into the navigation"),
            NAVIGATION,
            _plan_into_navigation,
            _do_into_navigation,
        ),
        Deed(
            "out_of_navigation",
            gettext_lazy("Take out of the navigation"),
            NAVIGATION,
            _plan_out_of_navigation,
            _do_out_of_navigation,
        ),
        Deed(
            "co_author",
            gettext_lazy("Add a co-author"),
            EVERYBODYS,
            _plan_co_author,
            _do_co_author,
            "co_author",
        ),
        Deed(
            "trash",
            gettext_lazy("Move to the trash"),
            "posts.delete_post",
            _always(gettext_lazy("goes to the trash for 30 days")),
            _step(steps.trash),
        ),
        Deed(
            "restore",
            gettext_lazy("Take out of the trash"),
            "posts.delete_post",
            _always(gettext_lazy("becomes a draft again")),
            _step(steps.restore),
            in_trash=True,
        ),
        Deed(
            "delete",
            gettext_lazy("Delete for good"),
            "posts.delete_post",
            _always(gettext_lazy("is gone for good, with all its versions")),
            _do_delete,
            in_trash=True,
        ),
    )
}
