"""What was uploaded: pictures that pages show, and files they offer."""

import re
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blogsite.media.kinds import SHOWN

_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]

#: Pictures that nobody has described, nor said to be decoration.
UNDESCRIBED = Q(alt="", is_decorative=False)


class Upload(models.Model):
    """The same bytes are stored once: the name in the storage begins with their hash."""

    #: `<first half of the hash>/<file name>`, in the storage and in the address alike.
    name = models.CharField(_("name in the storage"), max_length=200, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    original_name = models.CharField(_("file name"), max_length=200, editable=False)
    mime = models.CharField(_("type"), max_length=100, editable=False)
    bytes = models.PositiveBigIntegerField(_("size"), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    #: Out of the library's sight since; removed for good some time later unless it is in use.
    put_away_at = models.DateTimeField(_("put away"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.original_name

    @property
    def folder(self) -> str:
        """Where it lies in the storage, and what is made of it."""
        return self.name.partition("/")[0]

    @property
    def url(self) -> str:
        """The same wherever the bytes are kept: a text that names it never has to change."""
        return reverse("media:serve", args=self.name.split("/", 1))


class Image(Upload):
    #: Instead of widths, where the decoders of this format need more memory than there is.
    TOO_LARGE: ClassVar[dict[str, list[int]]] = {"none": []}

    alt = models.CharField(
        _("description"),
        max_length=500,
        blank=True,
        help_text=_("What does it show? Read aloud to people who cannot see it."),
    )
    is_decorative = models.BooleanField(
        _("decoration"), default=False, help_text=_("Says nothing that the text does not say.")
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    focal_x = models.PositiveSmallIntegerField(
        _("focus from the left, %"), default=50, validators=_PERCENT
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focus from the top, %"), default=50, validators=_PERCENT
    )
    #: `#rrggbb`, shown while the picture loads.
    colour = models.CharField(max_length=7, blank=True, editable=False)
    #: Widths made so far, as `{"avif": [640, 1280], "webp": [640]}`.
    variants = models.JSONField(default=dict, blank=True, editable=False)

    class Meta(Upload.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("edit_any_image", "Can edit everybody's pictures")]
        constraints = [
            models.CheckConstraint(
                name="image_decoration_is_silent",
                condition=Q(is_decorative=False) | Q(alt=""),
                violation_error_message=_(
                    "A decoration has no description: readers’ machines pass it over in silence."
                ),
            ),
            models.CheckConstraint(
                name="image_focus_is_inside", condition=Q(focal_x__lte=100, focal_y__lte=100)
            ),
        ]

    @property
    def markdown(self) -> str:
        """What to write in a text to show it."""
        return f"!{_link(self.alt, self.url)}"

    @property
    def is_too_large(self) -> bool:
        return self.variants == self.TOO_LARGE


class File(Upload):
    title = models.CharField(_("title"), max_length=200, blank=True)

    class Meta(Upload.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")

    @property
    def markdown(self) -> str:
        """Opened by itself, a recording would be held back by its own policy: texts play it."""
        if self.mime in SHOWN.values():
            kind = self.mime.partition("/")[0]
            return f'<{kind} controls preload="metadata" src="{self.url}"></{kind}>'
        return _link(self.title or self.original_name, self.url)


def _link(words: str, url: str) -> str:
    """Within the brackets nothing may end them, and nothing is meant as Markdown."""
    plain = re.sub(r"([\\\[\]*_`<>&~$])", r"\\\1", " ".join(words.split()))
    return f"[{plain}]({url})"


class Record(models.Model):
    """Kept by the library for itself: nobody adds or changes one by hand."""

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


class FormerName(Record):
    """An address that texts still write, of a picture that has been replaced since."""

    name = models.CharField(max_length=200, unique=True)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="former_names")


class Reference(Record):
    """One row of some table shows or names one upload; see `references`."""

    #: The hash in an address, or `#` and the key of a picture.
    mark = models.CharField(max_length=32)
    source = models.CharField(max_length=40)
    key = models.BigIntegerField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(name="reference_once", fields=["source", "key", "mark"]),
        ]
        indexes = [models.Index(fields=["mark"], name="reference_by_mark")]


class Leaving(Record):
    """A folder in the storage whose upload is gone: its files follow, whoever is killed."""

    folder = models.CharField(max_length=32, unique=True)


class StoredFile(Record):
    """A file of the storage in the database. Without a name it is not complete, so not there."""

    name = models.CharField(max_length=255, unique=True, null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)


class StoredChunk(Record):
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(name="chunk_comes_once", fields=["file", "number"])]
