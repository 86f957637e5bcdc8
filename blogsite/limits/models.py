from django.db import models


class Counter(models.Model):
    """How often something happened in the window that ends at `expires_at` (Unix time)."""

    name = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveBigIntegerField()
    expires_at = models.PositiveBigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"
