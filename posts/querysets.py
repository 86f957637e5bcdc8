"""The questions about many posts. What the public may see is defined here, once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Least
from django.utils import timezone

from blogsite.media.models import Image
from blogsite.site.models import SiteSettings
from posts.paging import Place
from posts.sql import CountUpTo, JSONList

if TYPE_CHECKING:
    from posts.models import Post  # noqa: F401 -- named below, in quotes


class PostQuerySet(models.QuerySet["Post"]):
    def live(self, now: datetime | None = None, until: Any = None) -> Self:
        """Out in the world at this moment, whoever may read it; `until`: and out by then already.

        Scheduled and expired are not stored: they follow from the times.
        """
        now = now or timezone.now()
        out: Any = now
        if until is not None:
            # One bound instead of two: SQLite would begin at whichever it meets first.
            out = Least(until, Value(now), output_field=models.DateTimeField())
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            state="published",
            trashed_at__isnull=True,
            published_at__lte=out,
        )

    def published(self, now: datetime | None = None) -> Self:
        """What an anonymous visitor may read at its address."""
        return self.live(now).filter(visibility__in=["public", "unlisted"])

    def met(self, now: datetime | None = None, until: Any = None) -> Self:
        """What an anonymous visitor may know of by title and excerpt: posts for members only
        if the owner says so. Their text is for members alone."""
        are_told_of = Exists(SiteSettings.objects.filter(lists_members_posts=True))
        return self.live(now, until).filter(
            Q(visibility="public") | Q(are_told_of, visibility="members")
        )

    def listed(self, now: datetime | None = None, until: Any = None) -> Self:
        """What an anonymous visitor meets in lists, feeds, search and counts: newest first."""
        return self.met(now, until).filter(kind="post").newest_first()

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

    def with_newer(self) -> Self:
        """Each with `is_newer`: whether a version was saved after the one that is out."""
        live = Coalesce(OuterRef("live_number"), 0)
        versions = self.model.versions.field.model._default_manager
        newer = versions.filter(post=OuterRef("pk"), number__gt=live)
        return self.annotate(is_newer=Exists(newer))

    def not_out_yet(self) -> Self:
        """Drafts, those over what is out as well."""
        return self.with_newer().filter(Q(state="draft") | Q(state="published", is_newer=True))

    def owned_by(self, user: Any) -> Self:
        return self.filter(Q(author=user) | Q(authorship__user=user)).distinct()

    def listed_among(self, now: datetime, until: Any = None, **which: Any) -> Self:
        """Of these few posts those that are listed. Asked post by post, so that a database
        without statistics does not go through all that are listed to find these."""
        listed = self.model._default_manager.listed(now).order_by().filter(pk=OuterRef("pk"))
        if until is not None:
            which["published_at__lte"] = until
        return self.filter(Exists(listed), **which).newest_first()

    def within(self, since: datetime, until: datetime) -> Self:
        return self.filter(published_at__gte=since, published_at__lt=until)

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
        """Before this place in time; posts of one moment follow each other by their keys.

        The second condition says nothing new, but an index can begin there.
        """
        before = Q(published_at__lt=published_at) | Q(pk__lt=pk)
        return self.filter(before, published_at__lte=published_at)

    def newer_than(self, published_at: Any, pk: Any) -> Self:
        """After this place, as above."""
        after = Q(published_at__gt=published_at) | Q(pk__gt=pk)
        return self.filter(after, published_at__gte=published_at).order_by("published_at", "pk")

    def first_page(self, size: int, now: datetime) -> Self:
        """The newest of these listed posts, and one row more that tells whether there are older
        ones."""
        return self.for_entries(now)[: size + 1]

    def page_after(self, place: Place, size: int, now: datetime, among: Self) -> Self:
        """One page of these posts, listed `until` this place, and one row more. On each row the
        place the page before it begins after, found `among` all that are listed."""
        start = among.newer_than(place.published_at, place.pk)[size - 1 : size]
        newer = {
            "newer_id": Subquery(start.values("pk")),
            "newer_at": Subquery(start.values("published_at")),
        }
        rows = self.older_than(place.published_at, place.pk).for_entries(now)
        return rows.annotate(**newer)[: size + 1]

    def for_entries(self, now: datetime) -> Any:
        """What `posts.entries` makes an entry of a list from, as plain values."""
        tags = apps.get_model("posts", "Tag")._default_manager.filter(posts=OuterRef("pk"))
        others = apps.get_model("posts", "Authorship")._default_manager.filter(post=OuterRef("pk"))
        topic = JSONObject(pk="pk", name="name", slug="slug")
        person = JSONObject(
            pk="user_id",
            slug="user__slug",
            name="user__name",
            display_name="user__display_name",
            at="position",
        )
        together = others.order_by().values("post").annotate(people=JSONList(person))
        return (
            self.with_next_change(now)
            .annotate(
                topic=Subquery(tags.order_by("name").values(topic=topic)[:1]),
                co_authors_=Subquery(together.values("people")),
            )
            .values(*ENTRY_FIELDS, *COVER_FIELDS, "topic", "co_authors_", *NEXT_MOMENTS)
        )

    def for_page(self, now: datetime | None = None) -> Self:
        """With what a post's own page prints, and who stands before and after it."""
        posts = self.model._default_manager
        here = OuterRef("published_at"), OuterRef("pk")
        older = posts.listed(now, here[0]).older_than(*here)[:1]
        newer = posts.listed(now).newer_than(*here)[:1]
        coming = posts.scheduled(now).order_by("published_at")[:1]
        return (
            self.select_related("series", "cover", "social_image")
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
            *("pk", "slug", "title", "dek", "excerpt", "published_at", "expires_at", "visibility")
        )

    def parts_of(self, series: int, first: int, last: int, now: datetime) -> Self:
        """The parts of a series with these numbers that an anonymous visitor may meet, in their
        order; each knows the `total` of all parts, as far as a thousand."""
        parts = self.listed_among(now, series_id=series)
        return (
            parts.annotate(part=PART, total=CountUpTo(parts.order_by().values("pk")[:1000]))
            .filter(part__range=(first, last))
            .order_by("part", "pk")
            .only("pk", "slug", "title", "series_position", "published_at", "expires_at")
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
        rows = self.order_by().with_next_change(now).values(*NEXT_MOMENTS)
        return soonest(rows.first() or {})


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
NEXT_MOMENTS = tuple(f"next_{name}" for name in MOMENTS)


def soonest(row: Mapping[str, Any]) -> datetime | None:
    """The first of the moments that `with_next_change` put on a row."""
    return min((row[name] for name in NEXT_MOMENTS if row.get(name)), default=None)


#: A part without a number comes after those that have one.
LAST_PART = 1_000_000
PART = Coalesce("series_position", LAST_PART, output_field=models.IntegerField())
ENTRY_FIELDS = (
    *("pk", "title", "slug", "dek", "excerpt", "published_at", "word_count", "language"),
    "visibility",
    *("series_id", "series__name", "series__slug", "series_position"),
    *("author_id", "author__name", "author__display_name", "author__slug"),
)
COVER_FIELDS = tuple(f"cover__{field.attname}" for field in Image._meta.concrete_fields)
