"""A post or a page: what the author wrote, and what is derived from it when it is saved."""

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blogsite.lib import markdown, text
from blogsite.media.models import Image
from blogsite.site.models import Crawlers, SiteSettings
from posts.models.organise import Authorship, Series, Tag
from posts.paging import Place
from posts.querysets import NOT_TRASHED, PostQuerySet
from posts.rendering import rendered
from posts.slugs import address, free_slug, unreserved

EXCERPT_LENGTH = 220
_NEWEST = ("state", "-published_at", "-id")


def _index(name: str, *fields: str, when: Q) -> models.Index:
    return models.Index(fields=fields, name=name, condition=when)


class Post(models.Model):
    class Kind(models.TextChoices):
        POST = "post", _("Post")
        PAGE = "page", _("Page")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Everyone")
        UNLISTED = "unlisted", _("Only with the link")
        MEMBERS = "members", _("Members")

    class Comments(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        AUTO = "auto", _("Close by themselves")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.POST)
    title = models.CharField(_("title"), max_length=200, blank=True)
    slug = models.SlugField(
        _("address"), max_length=120, unique=True, blank=True, allow_unicode=True
    )
    dek = models.CharField(
        _("standfirst"),
        max_length=500,
        blank=True,
        help_text=_("One or two sentences under the title and in lists."),
    )

    # What is stored is Markdown; the rest of this block is derived from it by `derive`.
    body = models.TextField(_("text"), blank=True)
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("Empty: the language of the site.")
    )
    math = models.BooleanField(
        _("formulas"), default=False, help_text=_("Read $…$ and $$…$$ as mathematics.")
    )
    smart_quotes = models.BooleanField(_("typographic quotation marks"), default=True)
    body_html = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list, blank=True)
    excerpt = models.CharField(editable=False, max_length=400, blank=True)
    word_count = models.PositiveIntegerField(_("words"), editable=False, default=0)
    render_version = models.PositiveSmallIntegerField(editable=False, default=0)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(_("goes out"), null=True, blank=True)
    first_published_at = models.DateTimeField(editable=False, null=True, blank=True)
    expires_at = models.DateTimeField(_("taken down"), null=True, blank=True)
    is_featured = models.BooleanField(_("featured"), default=False)
    featured_until = models.DateTimeField(_("featured until"), null=True, blank=True)
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True)
    announced_at = models.DateTimeField(editable=False, null=True, blank=True)
    #: The version this row holds. Newer ones wait until somebody publishes them.
    live_number = models.PositiveIntegerField(editable=False, null=True, blank=True)
    #: What the check list found in the newest version: " alt todo ", codes between spaces.
    problems = models.CharField(
        editable=False, max_length=300, blank=True, default="", db_default=""
    )

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="posts",
    )
    co_authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("co-authors"),
        through=Authorship,
        related_name="co_written_posts",
    )
    series = models.ForeignKey(
        Series,
        verbose_name=_("series"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="posts",
    )
    series_position = models.PositiveSmallIntegerField(_("part"), null=True, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("topics"), blank=True, related_name="posts")
    cover = models.ForeignKey(
        "media.Image",
        verbose_name=_("cover"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    cover_caption = models.CharField(_("caption of the cover"), max_length=300, blank=True)
    visibility = models.CharField(
        _("who can read it"), max_length=10, choices=Visibility, default=Visibility.PUBLIC
    )
    comments_mode = models.CharField(
        _("comments"), max_length=10, choices=Comments, default=Comments.OPEN
    )

    seo_title = models.CharField(_("title for search engines"), max_length=200, blank=True)
    seo_description = models.CharField(_("description"), max_length=300, blank=True)
    canonical_url = models.URLField(
        _("first published at"),
        max_length=500,
        blank=True,
        help_text=_("When this text lives elsewhere: search engines are sent there."),
    )
    social_image = models.ForeignKey(
        "media.Image",
        verbose_name=_("picture for sharing"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    noindex = models.BooleanField(_("hide from search engines"), default=False)

    crawlers = models.CharField(
        _("what machines may do with it"),
        max_length=11,
        choices=Crawlers,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: what holds for the whole site."),
    )

    #: The keys of the posts most like this one, best first; made by `posts.related` when due.
    related = models.JSONField(editable=False, null=True, blank=True)
    relations_due = models.BooleanField(editable=False, default=True, db_default=True)

    #: The name in the storage of the picture it is shared with; made by `posts.social`.
    card = models.CharField(editable=False, max_length=60, blank=True, default="", db_default="")
    #: The post was written since: a chore draws it anew if it looks different.
    card_due = models.BooleanField(editable=False, default=True, db_default=True)

    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    #: What readers see as "updated"; moved by an edit of the live text only.
    edited_at = models.DateTimeField(_("updated"), editable=False, null=True, blank=True)
    #: Moved by every write.
    touched_at = models.DateTimeField(editable=False, default=timezone.now)

    #: The address as it was read, whatever a draft laid over it says.
    slug_in_row: str | None = None
    owners_in_row: set[int] | None = None
    #: Put on a row by `PostQuerySet.for_page`.
    older_id: int | None
    newer_id: int | None
    next_out: datetime | None

    objects: ClassVar[Any] = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("publish_post", "Can publish their own posts"),
            ("edit_any_post", "Can edit everybody's posts"),
        ]
        constraints = [
            models.CheckConstraint(name="post_has_address", condition=~Q(slug="")),
            models.CheckConstraint(
                name="post_published_has_time",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="post_expires_after_publishing",
                condition=Q(expires_at__isnull=True)
                | Q(published_at__isnull=True)
                | Q(expires_at__gt=F("published_at")),
            ),
            models.CheckConstraint(
                name="post_known_words",
                condition=Q(kind__in=["post", "page"])
                & Q(state__in=["draft", "review", "published", "archived"])
                & Q(visibility__in=["public", "unlisted", "members"])
                & Q(comments_mode__in=["open", "closed", "auto"]),
            ),
        ]
        indexes = [
            # Parameters of a query are fields here: SQLite would not find them in a condition.
            _index("post_out", *_NEWEST, when=NOT_TRASHED),
            _index("post_by_author", "author", *_NEWEST, when=NOT_TRASHED),
            _index("post_star", *_NEWEST, when=Q(is_featured=True) & NOT_TRASHED),
            _index("post_expiring", "state", "expires_at", when=Q(expires_at__isnull=False)),
            _index(
                "post_star_until", "state", "featured_until", when=Q(featured_until__isnull=False)
            ),
            models.Index(fields=["state", "-touched_at"], name="post_by_state"),
            models.Index(fields=["series", "series_position"], name="post_in_series"),
            _index("post_relations_due", "id", when=Q(relations_due=True)),
            _index("post_card_due", "-published_at", when=Q(card_due=True)),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        post = super().from_db(db, field_names, values)
        if "body" in field_names and post.get_deferred_fields().isdisjoint(SOURCE_FIELDS):
            post._derived_from = post._source()
        post.slug_in_row = vars(post).get("slug")
        return post

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store, with the derived columns in step and `touched_at` moved, on every path."""
        if not self.slug:
            self.slug = self.slug_from_title()
        if self.published_at:
            # Whole seconds, as forms and addresses write them.
            self.published_at = self.published_at.replace(microsecond=0)
        self.touched_at = timezone.now()
        self.relations_due = self.card_due = True
        derived = self.derive()
        if kwargs.get("update_fields") is not None:
            extra = DERIVED_FIELDS if derived else ()
            kwargs["update_fields"] = {*kwargs["update_fields"], *_ALWAYS, *extra}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address("posts:detail", self.slug)

    def validate_constraints(self, exclude: Any = None) -> None:
        """In Python what the database would be asked in a dozen statements; it still refuses."""
        if self.expires_at and self.published_at and self.expires_at <= self.published_at:
            raise ValidationError(_("A post is taken down after it goes out, not before."))

    def derive(self) -> bool:
        """Render the text if it changed since it was last rendered. True when it did.

        Pure and slow (milliseconds): call it before opening a transaction.
        """
        if not self.get_deferred_fields().isdisjoint(SOURCE_FIELDS):
            return False
        # What an older renderer made stays until `rerender_posts`: a newer one might refuse it.
        if getattr(self, "_derived_from", None) == self._source():
            return False
        shown = rendered(self.body, self.spoken_language, self.math, self.smart_quotes)
        self.body_html = shown.html
        self.toc = [[h.level, h.id, h.title] for h in shown.toc]
        self.excerpt = text.excerpt(shown.opening or shown.text, EXCERPT_LENGTH)
        self.word_count = shown.word_count
        self.render_version = markdown.RENDER_VERSION
        self._derived_from = self._source()
        return True

    def _source(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in SOURCE_FIELDS)

    def slug_from_title(self) -> str:
        base = unreserved(text.slugify(self.title) or "untitled")
        return free_slug(Post, base, length=120, pk=self.pk)

    # -- small questions about this row ------------------------------------------------

    def is_live(self, now: datetime | None = None) -> bool:
        now = now or timezone.now()
        return (
            self.state == self.State.PUBLISHED
            and self.trashed_at is None
            and self.published_at is not None
            and self.published_at <= now
            and (self.expires_at is None or self.expires_at > now)
        )

    def is_featured_at(self, now: datetime) -> bool:
        return self.is_featured and (self.featured_until is None or self.featured_until > now)

    def is_scheduled(self) -> bool:
        return (
            self.state == self.State.PUBLISHED
            and self.published_at is not None
            and self.published_at > timezone.now()
        )

    @property
    def standing(self) -> str:
        """Where the post is: its state, and what the times make of it."""
        if self.trashed_at:
            return "trash"
        if self.is_scheduled():
            return "scheduled"
        if self.state == self.State.PUBLISHED and not self.is_live():
            return "expired"
        return self.state

    def condition(self) -> str:
        """The same in words."""
        return str(_STANDINGS.get(self.standing) or self.get_state_display())

    def newest_version(self) -> Any:
        return self.versions.order_by("-number").first() if self.pk else None

    @property
    def is_ahead(self) -> bool:
        """There is a newer version than the one the row holds."""
        newest = self.newest_version()
        return newest is not None and newest.number != self.live_number

    def is_owned_by(self, user: Any) -> bool:
        if self.owners_in_row is not None:
            return user.pk in self.owners_in_row
        return self.author_id == user.pk or any(
            a.user_id == user.pk for a in self.authorship_set.all()
        )

    @cached_property
    def byline(self) -> list[User]:
        others = (a.user for a in self.authorship_set.all() if a.user_id != self.author_id)
        return [self.author, *others]

    @property
    def place(self) -> Place:
        return Place(cast(datetime, self.published_at), self.pk)

    @property
    def summary(self) -> str:
        return self.dek or self.excerpt

    @property
    def share_url(self) -> str:
        """Of the picture it is shared with: its card, else what that will be drawn from."""
        picture = Image(name=self.card) if self.card else self.social_image or self.cover
        return picture.url if picture else ""

    @property
    def machines(self) -> str:
        """What crawlers are told about it, in the words they know; nothing when all is welcome."""
        wish = self._crawlers
        words = ["noindex"] if self.noindex or self.visibility != self.Visibility.PUBLIC else []
        words += ["noai", "noimageai"] if wish != Crawlers.ALLOW else []
        words += ["max-snippet:160"] if wish == Crawlers.SUMMARY else []
        return ", ".join(words)

    @property
    def shows_machines_a_summary(self) -> bool:
        return self._crawlers == Crawlers.SUMMARY

    @property
    def _crawlers(self) -> str:
        return self.crawlers or SiteSettings.at_hand().crawlers

    @property
    def spoken_language(self) -> str:
        return self.language or SiteSettings.at_hand().language

    @property
    def reading_minutes(self) -> int:
        return text.reading_minutes(self.word_count, self.spoken_language)

    @property
    def kicker(self) -> Series | Tag | None:
        """What stands above the title: the series, else the first topic."""
        return self.series or next(iter(self.tags.all()), None)


_STANDINGS = {"trash": _("In the trash"), "scheduled": _("Scheduled"), "expired": _("Taken down")}
#: A change of one of these makes the derived columns stale.
SOURCE_FIELDS = ("body", "language", "math", "smart_quotes")
_ALWAYS = ("slug", "published_at", "touched_at", "relations_due", "card_due")
DERIVED_FIELDS = ("body_html", "toc", "excerpt", "word_count", "render_version")
