"""What posts are gathered under: topics, series, and the people who wrote together."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blogsite.lib.text import slugify
from posts.slugs import address, free_slug


class Gathering(models.Model):
    """What a tag and a series have in common: a name, an address, a word about it."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("Empty: made from the name."),
    )
    description = models.TextField(_("description"), blank=True)
    cover = models.ForeignKey(
        "media.Image",
        verbose_name=_("picture"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(type(self), slugify(self.name) or "unnamed", length=80)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address(f"posts:{self._meta.model_name}", self.slug)


class Tag(Gathering):
    class Meta(Gathering.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="tag_name_unique",
                violation_error_message=_("There is a topic of this name already."),
            )
        ]


class FormerTag(models.Model):
    """A topic that was merged into another, or an address a topic once had."""

    slug = models.SlugField(_("old address"), max_length=80, unique=True, allow_unicode=True)
    #: The key of the topic that is gone; versions kept before the merge still name it.
    former_id = models.BigIntegerField(null=True, db_index=True)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="former")

    class Meta:
        verbose_name = _("former topic")
        verbose_name_plural = _("former topics")
        default_permissions = ()

    def __str__(self) -> str:
        return self.slug


class Series(Gathering):
    is_finished = models.BooleanField(
        _("finished"), default=False, help_text=_("No further part will follow.")
    )

    class Meta(Gathering.Meta):
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("many", "series")
        ordering = ["name"]


class Authorship(models.Model):
    """A co-author, in the order of the byline. The first author stands on the post itself."""

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("co-author")
    )
    position = models.PositiveSmallIntegerField(_("place in the byline"), default=1)

    class Meta:
        verbose_name = _("co-author")
        verbose_name_plural = _("co-authors")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="authorship_once")]

    def __str__(self) -> str:
        return str(self.user)
