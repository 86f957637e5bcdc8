"""Links in texts that lead out of the site, and whether anybody answered there."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutsideLink(models.Model):
    """An address that the newest version of a post links to."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("not looked at yet")
        ALIVE = "alive", _("answers")
        DEAD = "dead", _("leads nowhere")
        UNSURE = "unsure", _("did not answer")

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="outside_links")
    url = models.CharField(_("address"), max_length=2000)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.UNKNOWN)
    #: What was heard, in words: "404", "no such host".
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(_("failed looks in a row"), default=0)
    checked_at = models.DateTimeField(_("last looked at"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("outside link")
        verbose_name_plural = _("outside links")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["post", "url"], name="outside_link_once")]

    def __str__(self) -> str:
        return self.url
