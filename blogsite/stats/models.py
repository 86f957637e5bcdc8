"""Figures of days, not of people: a row says how often, never who."""

from datetime import timedelta

from django.db import models

from posts.models import Post

#: In the place of a post: the front page, and what is about the whole site.
SITE = 0
KEPT = timedelta(days=731)


class DayCount(models.Model):
    class Kind(models.TextChoices):
        VIEWS = "view"
        #: Named: the host on which people found the link.
        REFERRER = "referrer"
        #: Named: a service that reads feeds for many; without a name: everybody's own programs.
        READERS = "readers"
        #: Named: the mark by which one day tells those programs apart. Gone when it is over.
        PROGRAM = "program"

    kind = models.CharField(max_length=8, choices=Kind)
    day = models.DateField()
    # Unchecked by the database: the site is no post, and a post may be deleted while its last
    # views still wait to be written. Deleting a post deletes these all the same.
    post = models.ForeignKey(
        Post, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=100)
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "day", "post", "name"], name="one_day_count")
        ]
        indexes = [models.Index(fields=["post", "kind", "day"], name="counts_of_a_post")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.name}: {self.count}"


class ReadLog(models.Model):
    """How far an access log was read. It is known by its first line, whatever it is called."""

    first_line = models.CharField(max_length=64, unique=True)
    offset = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.first_line
