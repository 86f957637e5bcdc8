"""Where things used to be. Read only after nothing was found at an address."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SlugHistory(models.Model):
    """An address a post once had."""

    slug = models.SlugField(_("old address"), max_length=120, unique=True, allow_unicode=True)
    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="old_slugs")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return f"/{self.slug}/"


class Redirect(models.Model):
    """A path the owner sends elsewhere: to a post, or to any address."""

    path = models.CharField(
        _("old path"), max_length=500, unique=True, help_text=_("Begins with a slash.")
    )
    post = models.ForeignKey(
        "posts.Post",
        verbose_name=_("to this post"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
    )
    target = models.CharField(_("or to this address"), max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="redirect_one_target",
                condition=models.Q(post__isnull=False, target="")
                | (models.Q(post__isnull=True) & ~models.Q(target="")),
                violation_error_message=_("Choose a post or give an address, not both."),
            ),
            models.CheckConstraint(
                name="redirect_path_is_a_path",
                condition=models.Q(path__startswith="/"),
                violation_error_message=_("The old path begins with a slash."),
            ),
        ]

    def __str__(self) -> str:
        return self.path


class NotFound(models.Model):
    """A path that readers asked for and that leads nowhere."""

    path = models.CharField(_("path"), max_length=500, unique=True)
    count = models.PositiveIntegerField(_("times"), default=1)
    referrer = models.CharField(_("last seen on"), max_length=255, blank=True)
    first_at = models.DateTimeField(_("first"), auto_now_add=True)
    last_at = models.DateTimeField(_("last"), auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("dead address")
        verbose_name_plural = _("dead addresses")
        ordering = ["-count", "path"]

    def __str__(self) -> str:
        return self.path
