"""The people who write and run the blog."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite.lib import markdown
from blogsite.lib.text import first_free, slugify
from blogsite.site.models import SiteSettings

name_is_plain = RegexValidator(
    r"\A[^\W_][\w.-]*\Z",
    _("Use letters, digits, dots, hyphens and underscores; begin with a letter or digit."),
)


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, name: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(email=self.normalize_email(email), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, name: str, password: str | None = None, **fields: Any
    ) -> "User":
        return self.create_user(email, name, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def by_either_name(self, given: str) -> "User | None":
        """The user whose e-mail address or public name is `given`, in any case.

        The two cannot be confused: a public name has no @.
        """
        field = "email__iexact" if "@" in given else "name__iexact"
        return self.filter(**{field: given}).first()


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(
        _("public name"),
        max_length=40,
        validators=[name_is_plain],
        help_text=_("Signs in as well as the e-mail address does. No spaces."),
    )
    display_name = models.CharField(
        _("display name"),
        max_length=80,
        blank=True,
        help_text=_("What readers see above a post. Empty: the public name."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=60,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("The last part of the author page’s address. Empty: made from the name."),
    )
    bio = models.TextField(_("about"), blank=True, help_text=_("A few sentences, in Markdown."))
    bio_html = models.TextField(editable=False, blank=True)
    avatar = models.CharField(_("portrait"), max_length=200, blank=True, editable=False)
    links = models.JSONField(_("links"), default=list, blank=True, editable=False)

    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where you write, like Europe/Berlin. Empty: that of the site."),
    )

    is_staff = models.BooleanField(
        _("may sign in to the desk"),
        default=False,
        help_text=_("Needed for everybody who writes, edits or moderates."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Switch off instead of deleting: posts keep their author."),
    )
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        # Upper, because that is what `iexact` asks for: the index serves the sign-in too.
        constraints = [
            models.UniqueConstraint(
                Upper("email"),
                name="user_email_unique",
                violation_error_message=_("Somebody with this e-mail address is here already."),
            ),
            models.UniqueConstraint(
                Upper("name"),
                name="user_name_unique",
                violation_error_message=_("This public name is taken."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.name

    def clean(self) -> None:
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)
        if self.time_zone and self.time_zone not in available_timezones():
            told = _("This is no time zone. Write one like Europe/Berlin or UTC.")
            raise ValidationError({"time_zone": told})
        try:
            self.derive()
        except markdown.Refused as error:
            raise ValidationError({"bio": str(error)}) from None

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        fields = kwargs.get("update_fields")
        # Signing in writes one moment only: not what a colleague has changed meanwhile.
        if fields is None or "bio" in fields:
            self.derive()
        if fields is not None and "bio" in fields:
            kwargs["update_fields"] = {*fields, "bio_html"}
        super().save(*args, **kwargs)

    def derive(self) -> None:
        self.bio_html = markdown.render(self.bio, "comment").html if self.bio else ""

    def _free_slug(self) -> str:
        base = slugify(self.display_name or self.name)[:50] or "author"
        taken = User.objects.filter(slug__startswith=base).values_list("slug", flat=True)
        return first_free(base, set(taken))

    @property
    def zone(self) -> ZoneInfo:
        """Where this person writes; the site's zone when they did not say."""
        return ZoneInfo(self.time_zone) if self.time_zone else SiteSettings.at_hand().zone

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
