"""What happened to a post on its way: handed in, sent back, published, put away."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.Model):
    """One move of a post from one state to another, with what was said about it."""

    class Kind(models.TextChoices):
        HANDED_IN = "handed_in", _("asked for review")
        SENT_BACK = "sent_back", _("sent back")
        PUBLISHED = "published", _("published")
        SCHEDULED = "scheduled", _("scheduled")
        UPDATED = "updated", _("updated")
        TAKEN_DOWN = "taken_down", _("made a draft again")
        ARCHIVED = "archived", _("archived")
        TRASHED = "trashed", _("put in the trash")
        RESTORED = "restored", _("took out of the trash")
        PUT_BACK = "put_back", _("put back as it was")

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.post_id} · {self.kind}"
