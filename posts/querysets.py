"""The questions about many posts. What the public may see is defined here, once."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from posts.paging import Place

if TYPE_CHECKING:
    from posts.models import Post


class PostQuerySet(models.QuerySet["Post"]):
    def live(self, now: datetime | None = None) -> Self:
        """Out in the world at this moment, whoever may read it.

        Scheduled and expired are not stored: they follow from the times.
        """
        now = now or timezone.now()
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            state="published",
            trashed_at__isnull=True,
            published_at__lte=now,
        )

    def published(self, now: datetime | None = None) -> Self:
        """What an anonymous visitor may read at its address."""
        return self.live(now).filter(visibility__in=["public", "unlisted"])

    def listed(self, now: datetime | None = None) -> Self:
        """What an anonymous visitor meets in lists, feeds, search and counts: newest first."""
        return self.live(now).filter(visibility="public", kind="post").newest_first()

    def visible_to(self, user: Any) -> Self:
        """What this visitor may read: the public, the members' and what is their own."""
        if not user.is_authenticated:
            return self.published()
        if user.has_perm("posts.edit_any_post"):
            return self.filter(trashed_at__isnull=True)
        live = self.live().values("pk")
        own = self.owned_by(user).filter(trashed_at__isnull=True).values("pk")
        return self.filter(Q(pk__in=live) | Q(pk__in=own))

    def editable_by(self, user: Any) -> Self:
        """What this person may open in the editor: their own, or everything."""
        if user.has_perm("posts.edit_any_post"):
            return self
        return self.filter(pk__in=self.model._default_manager.owned_by(user).values("pk"))

    def owned_by(self, user: Any) -> Self:
        return self.filter(Q(author=user) | Q(authorship__user=user)).distinct()

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def for_lists(self) -> Self:
        """With what a list prints, and without the long texts it does not."""
        return (
            self.select_related("series", "cover")
            .prefetch_related("tags")
            .with_byline()
            .defer("body", "body_html", "toc")
        )

    def featured(self, now: datetime | None = None) -> Self:
        now = now or timezone.now()
        still = Q(featured_until__isnull=True) | Q(featured_until__gt=now)
        return self.listed(now).filter(still, is_featured=True)

    def older_than(self, published_at: Any, pk: Any) -> Self:
        """Before this place in time; posts of one moment follow each other by their keys."""
        same_moment = Q(published_at=published_at, pk__lt=pk)
        return self.filter(Q(published_at__lt=published_at) | same_moment)

    def newer_than(self, published_at: Any, pk: Any) -> Self:
        same_moment = Q(published_at=published_at, pk__gt=pk)
        later = self.filter(Q(published_at__gt=published_at) | same_moment)
        return later.order_by("published_at", "pk")

    def front_page(self, size: int, now: datetime) -> Self:
        """The newest, and the featured post wherever it stands, in one query.

        Two more than fit: one may be the featured post, one tells whether there are older ones.
        """
        newest = self.listed(now).values("pk")[: size + 2]
        star = self.featured(now).values("pk")[:1]
        rows = self.listed(now).filter(Q(pk__in=newest) | Q(pk__in=star))
        return rows.for_lists().with_next_change(now)

    def page_after(self, place: Place, size: int, now: datetime) -> Self:
        """One page and one row more; on each row the place the page before it begins after."""
        listed = self.listed(now)
        start = listed.newer_than(place.published_at, place.pk)[size - 1 : size]
        rows = listed.older_than(place.published_at, place.pk).for_lists().with_next_change(now)
        newer = {
            "newer_id": Subquery(start.values("pk")),
            "newer_at": Subquery(start.values("published_at")),
        }
        return rows.annotate(**newer)[: size + 1]

    def for_page(self, now: datetime | None = None) -> Self:
        """With what a post's own page prints, and who stands before and after it."""
        listed = self.model._default_manager.listed(now)
        here = OuterRef("published_at"), OuterRef("pk")
        older = listed.older_than(*here)[:1]
        newer = listed.newer_than(*here)[:1]
        coming = self.model._default_manager.scheduled(now).order_by("published_at")[:1]
        return (
            self.select_related("series", "cover")
            .prefetch_related("tags")
            .with_byline()
            .annotate(
                older_id=Subquery(older.values("pk")),
                newer_id=Subquery(newer.values("pk")),
                next_out=Subquery(coming.values("published_at")),
            )
        )

    def with_byline(self) -> Self:
        authorships = apps.get_model("posts", "Authorship")._default_manager
        return self.select_related("author").prefetch_related(
            Prefetch("authorship_set", authorships.select_related("user"))
        )

    def for_links(self, pks: Iterable[int | None]) -> Self:
        return self.filter(pk__in=[pk for pk in pks if pk]).only(
            "pk", "slug", "title", "published_at", "expires_at"
        )

    def parts_of(self, series_id: int) -> Self:
        """The parts of a series an anonymous visitor may meet, in their order."""
        parts = self.listed().filter(series_id=series_id)
        return parts.order_by("series_position", "published_at", "pk").only(
            "pk", "slug", "title", "series_position", "published_at", "expires_at"
        )

    def scheduled(self, now: datetime | None = None) -> Self:
        now = now or timezone.now()
        return self.filter(state="published", trashed_at__isnull=True, published_at__gt=now)

    def standing(self, name: str | None, now: datetime | None = None) -> Self:
        """Posts of one standing (`Post.standing`); of none, everything outside the trash."""
        if name == "trash":
            return self.filter(trashed_at__isnull=False)
        return self.filter(_standings(now or timezone.now()).get(name or "", Q()), NOT_TRASHED)

    def counted_by_standing(self, now: datetime | None = None) -> dict[str, int]:
        """How many posts there are of each standing, in one query."""
        counts = {
            name: Count("pk", filter=NOT_TRASHED & condition, distinct=True)
            for name, condition in _standings(now or timezone.now()).items()
        }
        trash = Count("pk", filter=Q(trashed_at__isnull=False), distinct=True)
        return self.order_by().aggregate(trash=trash, **counts)

    def with_next_change(self, now: datetime | None = None) -> Self:
        """On each row the moments `next_change` reads, so that a list needs no further query."""
        now = now or timezone.now()
        waiting = self.model._default_manager.filter(state="published", trashed_at__isnull=True)
        return self.annotate(
            **{
                f"next_{moment}": Subquery(
                    waiting.filter(**{f"{moment}__gt": now}).order_by(moment).values(moment)[:1]
                )
                for moment in MOMENTS
            }
        )

    def next_change(self, now: datetime | None = None) -> datetime | None:
        """When time alone next changes what lists show: a post comes out, goes, or steps back."""
        return soonest(self.order_by().with_next_change(now).first())


NOT_TRASHED = Q(trashed_at__isnull=True)


def _standings(now: datetime) -> dict[str, Q]:
    out = Q(state="published")
    over = Q(expires_at__isnull=False, expires_at__lte=now)
    return {
        "draft": Q(state="draft"),
        "review": Q(state="review"),
        "scheduled": out & Q(published_at__gt=now),
        "published": out & Q(published_at__lte=now) & ~over,
        "expired": out & Q(published_at__lte=now) & over,
        "archived": Q(state="archived"),
    }


#: The times at which a post changes by itself.
MOMENTS = ("published_at", "expires_at", "featured_until")


def soonest(post: "Post | None") -> datetime | None:
    """The first of the moments that `with_next_change` put on a row."""
    moments = (getattr(post, f"next_{name}", None) for name in MOMENTS)
    return min((moment for moment in moments if moment), default=None)
