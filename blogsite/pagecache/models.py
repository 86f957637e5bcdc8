from django.db import models


class PageStamp(models.Model):
    """How often something that pages show has changed. Written by `stamps`, read by `watch`."""

    key = models.CharField(max_length=100, primary_key=True)
    version = models.PositiveBigIntegerField()
    moved_at = models.DateTimeField(db_index=True)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
