"""Redirects: what is wrong with one, where it ends, and many at once."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from blogsite.tasks import enqueue_on_commit
from posts.links import address_key
from posts.models import NotFound, Post, Redirect, SlugHistory
from posts.services.addresses import lead_here, may_be_old
from posts.tasks import look_again

LONGEST_PATH, LONGEST_TARGET = 500, 1000
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Place:
    """Where a redirect ends: at a post, wherever that moves, or at an address."""

    post_id: int | None = None
    target: str = ""


@dataclass
class Plan:
    """What would become of one wish for a redirect."""

    old: str
    new: str
    line: int = 0
    path: str = ""
    place: Place | None = None
    #: "new", "replaces", "same" or "refused", and then why.
    outcome: str = "refused"
    why: str = ""


@dataclass
class Atlas:
    """All that stands at our addresses, read at once, so that thousands of lines need no more."""

    hosts: Collection[str]
    posts: dict[str, int] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)
    old: dict[str, int] = field(default_factory=dict)
    redirects: dict[str, Place] = field(default_factory=dict)

    @classmethod
    def read(cls, hosts: Collection[str], *, without: int | None = None) -> "Atlas":
        """`without`: the redirect that is being edited, as if it were not there."""
        rows = Redirect.objects.exclude(pk=without or 0).values_list("path", "post_id", "target")
        return cls(
            hosts={host.lower() for host in hosts if host},
            posts=dict(Post.objects.filter(trashed_at=None).values_list("slug", "pk")),
            live=set(Post.objects.live().values_list("slug", flat=True)),
            old=dict(SlugHistory.objects.values_list("slug", "post_id")),
            redirects={path: Place(post_id, target) for path, post_id, target in rows},
        )

    def path(self, written: str) -> str:
        """The old path as it is kept; raises what is wrong with it."""
        path = self._own_path(written.strip())
        if "://" in path:  # on the host that the blog had before
            path = _split(path)._replace(scheme="", netloc="").geturl()
        if "?" in path or "#" in path:
            raise ValidationError(_("An old path is compared without what follows a ? or #."))
        _check_characters(path)
        key = address_key(path)
        if not may_be_old(key):
            raise ValidationError(_("The site itself answers this path."))
        if len(key) > LONGEST_PATH:
            raise ValidationError(_("%d characters fit.") % LONGEST_PATH)
        if key[1:] in self.live:
            raise ValidationError(
                _("There is a post at this path. Change its address, and this one leads there.")
            )
        return key

    def place(self, path: str, written: str) -> Place:
        """Where a redirect from `path` ends, after every further step that is known."""
        target = self._own_path(written.strip())
        _check_target(target)
        seen = {path}
        step = Place(target=target)
        while step.target.startswith("/"):
            key = address_key(step.target)
            if key in seen:
                raise ValidationError(_("This would lead in a circle."))
            seen.add(key)
            onward = self._onward(key)
            if onward is None or (onward.post_id and _has_tail(step.target)):
                return step
            step = onward
        return step

    def _onward(self, key: str) -> Place | None:
        """Where a reader of this path is taken: a live post comes first, a draft last."""
        here = Place(self.posts[key[1:]]) if key[1:] in self.posts else None
        return here if key[1:] in self.live else self._known(key) or here

    def _known(self, key: str) -> Place | None:
        return Place(self.old[key[1:]]) if key[1:] in self.old else self.redirects.get(key)

    def _own_path(self, address: str) -> str:
        """Without our host, and without the prefix under which the site is mounted."""
        if "://" in address:
            parts = _split(address)
            if parts.scheme not in ("http", "https") or parts.netloc.lower() not in self.hosts:
                return address
            address = parts._replace(scheme="", netloc="").geturl() or "/"
        prefix = get_script_prefix()
        return address.removeprefix(prefix[:-1]) if address.startswith(prefix) else address

    def plan(self, old: str, new: str, line: int = 0) -> Plan:
        """What one line comes to; a good one counts as done for those that follow."""
        plan = Plan(old, new, line)
        try:
            plan.path = self.path(old)
            plan.place = self.place(plan.path, new)
        except ValidationError as problem:
            plan.why = problem.messages[0]
            return plan
        known = self._known(plan.path)
        plan.outcome = "new" if not known else "same" if known == plan.place else "replaces"
        if plan.outcome != "same":
            self.old.pop(plan.path[1:], None)
            self.redirects[plan.path] = plan.place
        return plan

    def collapse(self) -> set[str]:
        """Lead those that end at a redirect to its end; the paths that this changed."""
        changed = set()
        for path, place in self.redirects.items():
            if not place.target.startswith("/"):
                continue
            with suppress(ValidationError):  # two people made a circle: no reader is led in it
                if place != (end := self.place(path, place.target)):
                    self.redirects[path] = end
                    changed.add(path)
        return changed


def save_redirect(redirect: Redirect) -> None:
    """Store one redirect. In order: the row; then what leads to its path is led on; then what
    else was known of the path goes: that a post once had it, and that readers missed it."""
    with transaction.atomic():
        redirect.save()
        lead_here(redirect.path, redirect.post, redirect.target)
        SlugHistory.objects.filter(slug=redirect.path[1:]).delete()
        NotFound.objects.filter(path=redirect.path).delete()
        enqueue_on_commit(look_again)  # it may mend links


def apply_plans(plans: Iterable[Plan], atlas: Atlas) -> int:
    """Store the good ones, and say how many changed something.

    In one transaction: the redirects, those that led to them, and then what else was known of
    their paths goes, as `save_redirect` does it.
    """
    wanted = {plan.path for plan in plans if plan.outcome in ("new", "replaces")}
    places = {path: atlas.redirects[path] for path in wanted | atlas.collapse()}
    rows = [Redirect(path=path, **vars(place)) for path, place in sorted(places.items())]
    with transaction.atomic():
        Redirect.objects.bulk_create(
            rows,
            batch_size=ROWS_AT_ONCE,
            update_conflicts=True,
            unique_fields=["path"],
            update_fields=["post", "target"],
        )
        for part in batched(sorted(wanted)):
            SlugHistory.objects.filter(slug__in=[path[1:] for path in part]).delete()
            NotFound.objects.filter(path__in=part).delete()
        enqueue_on_commit(look_again)
    return len(wanted)


def batched(values: list[str]) -> Iterable[list[str]]:
    return (values[start : start + ROWS_AT_ONCE] for start in range(0, len(values), ROWS_AT_ONCE))


def _has_tail(address: str) -> bool:
    return "?" in address or "#" in address


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (looked at only now)
    except ValueError:
        raise ValidationError(_("This is no address.")) from None
    return parts


def _check_characters(address: str) -> None:
    """What browsers read in their own way, and would take for another host."""
    meant = unquote(address) if address.startswith("/") else address
    if not meant.isprintable() or "\\" in meant or address.startswith("//"):
        raise ValidationError(
            _("An address holds no backslash, no double slash in front and no invisible character.")
        )


def _check_target(target: str) -> None:
    _check_characters(target)
    if len(target) > LONGEST_TARGET:
        raise ValidationError(_("%d characters fit.") % LONGEST_TARGET)
    if target.startswith("/"):
        return
    parts = _split(target)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValidationError(
            _("Begin with a slash, as in /about/, or with https:// for another site.")
        )
