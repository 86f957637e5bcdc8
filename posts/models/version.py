"""Every text that was ever saved on purpose, and the one that is being typed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """One explicit save with everything it held. Never changed afterwards."""

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("saved by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    content = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="version_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} · {self.number}"


class Autosave(models.Model):
    """What one person is typing into one post. Overwritten, never part of the history."""

    post = models.ForeignKey(
        "posts.Post", on_delete=models.CASCADE, null=True, blank=True, related_name="autosaves"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    base_number = models.PositiveIntegerField(
        _("begun from version"), null=True, blank=True, editable=False
    )
    content = models.JSONField(_("content"))
    saved_at = models.DateTimeField(_("kept"), auto_now=True)

    class Meta:
        verbose_name = _("kept text")
        verbose_name_plural = _("kept texts")
        constraints = [
            models.UniqueConstraint(fields=["post", "user"], name="autosave_once"),
            # A null is equal to no other null: the text of a post not yet saved needs its own.
            models.UniqueConstraint(
                fields=["user"], name="autosave_new_once", condition=models.Q(post__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} · {self.user_id}"
