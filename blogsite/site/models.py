"""The site's own name, look and navigation: one row."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import Error as DatabaseAway
from django.db import models
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from blogsite.lib import markdown
from blogsite.pagecache import stamping, touch
from blogsite.site import look, validators
from blogsite.site.checklist import STOPPING_AT_FIRST
from blogsite.site.head import Head

ONLY = 1
DEFAULT_ACCENT = "#af2d18"


_PICTURE: Any = {"on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}


def direction(language: str) -> str:
    """Which way a language is written."""
    return "rtl" if language.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr"


def spoken_in(code: str, of_the_site: str) -> str:
    """The attributes of a text in a language of its own; nothing when it has the site's."""
    if code in ("", of_the_site):
        return ""
    return format_html(' lang="{}" dir="{}"', code, direction(code))


class Crawlers(models.TextChoices):
    ALLOW = "allow", _("Everything that readers may do")
    NO_TRAINING = "no-training", _("Show them in searches, but train no AI with them")
    SUMMARY = "summary", _("Show a summary only, and train no AI")


class SiteSettings(models.Model):
    class Paper(models.TextChoices):
        WARM = "warm", _("Warm")
        COOL = "cool", _("Cool")

    class Typeface(models.TextChoices):
        SERIF = "serif", _("Serif, like a book")
        SANS = "sans", _("Sans, like a sign")
        MONO = "mono", _("Mono, like a typewriter")

    class Width(models.TextChoices):
        NARROW = "narrow", _("Narrow, like a column")
        NORMAL = "normal", _("Normal")
        WIDE = "wide", _("Wide")

    class HomeLayout(models.TextChoices):
        LIST = "list", _("List: one post below the other")
        CARDS = "cards", _("Cards: a grid")
        MAGAZINE = "magazine", _("Magazine: one large, the others around it")

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)

    title = models.CharField(_("title"), max_length=80, default="New blog")
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    navigation = models.JSONField(_("navigation"), default=list, blank=True)
    social_links = models.JSONField(_("elsewhere"), default=list, blank=True)
    footer_text = models.TextField(_("text in the footer"), max_length=2000, blank=True)
    footer_html = models.TextField(editable=False, blank=True)

    accent = models.CharField(_("accent"), max_length=7, default=DEFAULT_ACCENT)
    paper = models.CharField(_("paper"), max_length=4, choices=Paper, default=Paper.WARM)
    typeface = models.CharField(
        _("typeface"), max_length=5, choices=Typeface, default=Typeface.SERIF
    )
    width = models.CharField(
        _("width of the text"),
        max_length=6,
        choices=Width,
        default=Width.NORMAL,
        db_default=Width.NORMAL,
    )
    logo = models.ForeignKey("media.Image", verbose_name=_("logo"), **_PICTURE)
    icon = models.ForeignKey("media.Image", verbose_name=_("icon"), **_PICTURE)
    home_layout = models.CharField(
        _("front page"), max_length=8, choices=HomeLayout, default=HomeLayout.LIST
    )
    posts_per_page = models.PositiveSmallIntegerField(
        _("posts per page"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )

    crawlers = models.CharField(
        _("what machines may do with texts"),
        max_length=11,
        choices=Crawlers,
        default=Crawlers.ALLOW,
        db_default=Crawlers.ALLOW,
        help_text=_("Told to every crawler; those with manners keep to it."),
    )
    offers_markdown = models.BooleanField(
        _("offer posts as Markdown"),
        default=False,
        db_default=False,
        help_text=_("Each post as text at its address with .md, and a list of them in llms.txt."),
    )

    lists_members_posts = models.BooleanField(
        _("show posts for members to everybody, by title and excerpt"),
        default=False,
        db_default=False,
        help_text=_("Strangers are told that the rest is for members. Off: they see nothing."),
    )

    #: Checks that stop a post from going out, their names between spaces; the others advise.
    stopping_checks = models.CharField(
        _("what stops a post"),
        max_length=200,
        blank=True,
        default=STOPPING_AT_FIRST,
        db_default=STOPPING_AT_FIRST,
    )

    head_code = models.TextField(
        _("code for the head of public pages"),
        max_length=10_000,
        blank=True,
        default="",
        db_default="",
    )
    head_hosts = models.CharField(
        _("hosts this code may use"), max_length=500, blank=True, default="", db_default=""
    )
    #: What is made of the two, and what the content security policy must allow for it.
    head_html = models.TextField(editable=False, blank=True, default="", db_default="")
    head_policy = models.JSONField(editable=False, null=True, blank=True)

    class Meta:
        verbose_name = _("settings")
        verbose_name_plural = _("settings")
        default_permissions = ("view", "change")
        permissions = [("change_head_code", "Can change the code in the head of pages")]
        constraints = [
            models.CheckConstraint(name="site_settings_one_row", condition=Q(id=ONLY)),
            models.CheckConstraint(
                name="site_settings_posts_per_page",
                condition=Q(posts_per_page__gte=1, posts_per_page__lte=50),
            ),
            models.CheckConstraint(
                name="site_settings_known_width",
                condition=Q(width__in=["narrow", "normal", "wide"]),
            ),
            models.CheckConstraint(
                name="site_settings_known_words",
                condition=Q(paper__in=["warm", "cool"])
                & Q(typeface__in=["serif", "sans", "mono"])
                & Q(home_layout__in=["list", "cards", "magazine"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """What only the whole program knows: languages, time zones, how a link looks."""
        super().clean()
        problems = {}
        for name, check in validators.CHECKS.items():
            try:
                check(getattr(self, name))
            except ValidationError as problem:
                problems[name] = problem
        if problems:
            raise ValidationError(problems)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store, with what is made of the fields, and let every kept page know."""
        self.derive()
        if kwargs.get("update_fields") is not None:
            made = {"footer_html", "head_html", "head_policy"}
            kwargs["update_fields"] = {*kwargs["update_fields"], *made}
        with stamping():
            super().save(*args, **kwargs)
            touch("site")
        _forget()

    def derive(self) -> None:
        self.footer_html = markdown.render(self.footer_text, language=self.language).html
        # What the rules of today refuse, however it got here, reaches no page.
        code = Head(self.head_code, self.head_hosts)
        self.head_html, self.head_policy = code.html, code.policy

    @classmethod
    def current(cls) -> Self:
        """The row; inside `held()` it is read once. Raises when the database is away.

        Pages that are kept must not be made from a guess: for those that must come out
        whatever happens there is `at_hand`.
        """
        held = _held.get()
        if held is None:
            return cls._read()
        if "row" not in held:
            held["row"] = cls._read()
        return held["row"]

    @classmethod
    def at_hand(cls) -> Self:
        """The row, or with the database away what this process last saw of it."""
        try:
            return cls.current()
        except DatabaseAway:
            return cls.last_seen()

    @classmethod
    def last_seen(cls) -> Self:
        """What this process last read, or the defaults. Asks nobody."""
        return _seen.get("row") or cls()

    @classmethod
    def _read(cls) -> Self:
        """Every cold page asks. As SQL it takes a sixth of the time, but joins no pictures."""
        seen, rows = cls.last_seen(), cls.objects.select_related("logo", "icon")
        if not (seen.logo_id or seen.icon_id):  # most likely there are still none
            rows = cast(Any, cls.objects.raw('SELECT * FROM "site_sitesettings"'))
        _seen["row"] = next(iter(rows), None) or cls()
        return _seen["row"]

    @property
    def zone(self) -> ZoneInfo:
        """UTC where this machine no longer knows the stored name."""
        try:
            return ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            return ZoneInfo("UTC")

    @property
    def direction(self) -> str:
        return direction(self.language)

    def look_sheet(self, kind: str) -> look.Sheet:
        """The style sheet in the owner's colours for one kind of page."""
        return look.sheet(self.accent, self.paper, self.width, bool(self.logo_id), kind)

    def look_url(self, kind: str) -> str:
        return self.look_sheet(kind).url

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """The site's language and time zone, whoever asks."""
        with translation.override(self.language), timezone.override(self.zone):
            yield


_seen: dict[str, Any] = {}
_held: ContextVar[dict[str, Any] | None] = ContextVar("site_settings", default=None)


@contextmanager
def held(row: SiteSettings | None = None) -> Iterator[None]:
    """From here on `current()` asks the database at most once: for the time of one request.

    With a `row`, it never asks: what is shown meanwhile is shown as if that were stored.
    """
    outer = _held.get()
    token = _held.set({"row": row} if row else {} if outer is None else outer)
    try:
        yield
    finally:
        _held.reset(token)


def _forget() -> None:
    held = _held.get()
    if held is not None:
        held.clear()
