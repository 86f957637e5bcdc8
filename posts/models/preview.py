"""Secret addresses under which somebody without an account reads what is not out."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PreviewLink(models.Model):
    """A link to one version of a post, or to whatever its newest version is.

    Of the secret only the hash is kept: who reads the database cannot use the links.
    """

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="preview_links")
    version = models.ForeignKey(
        "posts.Version",
        verbose_name=_("shows"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(_("for whom"), max_length=80, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label or f"{self.post_id} · {self.pk}"

    def works(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
