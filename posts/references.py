"""Where texts and covers name uploads: in what is out, in every version, in what is being typed."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_delete
from django.urls import reverse
from django.utils.translation import gettext as _

from blogsite.media.models import Reference
from blogsite.media.references import Place, register
from posts.models import Autosave, Post, Series, Tag, Version

_KEPT: dict[str, Any] = {
    "texts": ("content",),
    "pictures": ("content.cover_id", "content.social_image_id"),
    "is_history": True,
}


def register_references() -> None:
    register(Post, texts=("body",), pictures=("cover_id", "social_image_id"), places=_posts)
    register(Version, **_KEPT, places=_versions)
    register(Autosave, **_KEPT, places=_autosaves)
    for gathering in (Tag, Series):
        register(
            gathering, texts=("description",), pictures=("cover_id",), places=_shelf(gathering)
        )
    pre_delete.connect(_forget_versions, sender=Post, dispatch_uid="references.versions")


def _posts(keys: Collection[int], person: Any) -> dict[int, Place]:
    return _of_posts({key: key for key in keys}, "change", person, _("%(title)s"))


def _versions(keys: Collection[int], person: Any) -> dict[int, Place]:
    owners = dict(Version.objects.filter(pk__in=keys).values_list("pk", "post"))
    return _of_posts(owners, "versions", person, _("versions of %(title)s"))


def _autosaves(keys: Collection[int], person: Any) -> dict[int, Place]:
    rows = Autosave.objects.filter(pk__in=keys)
    owners = dict(rows.exclude(post=None).values_list("pk", "post"))
    unsaved = Place(_("a new post, not saved yet"))
    told = _of_posts(owners, "change", person, _("%(title)s (not saved yet)"))
    return dict.fromkeys(rows.filter(post=None).values_list("pk", flat=True), unsaved) | told


def _of_posts(owners: dict[int, int], page: str, person: Any, label: str) -> dict[int, Place]:
    """Titles and links for those only who may open the post; that it exists, for everybody."""
    pks = set(owners.values())
    titles = {
        p.pk: str(p) for p in Post.objects.editable_by(person).filter(pk__in=pks).only("title")
    }
    hidden = Place(_("a text of somebody else"))
    return {
        key: Place(label % {"title": titles[pk]}, reverse(f"admin:posts_post_{page}", args=[pk]))
        if pk in titles
        else hidden
        for key, pk in owners.items()
    }


def _shelf(model: type[Model]) -> Callable[[Collection[int], Any], dict[int, Place]]:
    name = model._meta.model_name

    def places(keys: Collection[int], person: Any) -> dict[int, Place]:
        may = person.has_perm(f"posts.view_{name}")
        rows: Iterable[Any] = model._default_manager.filter(pk__in=keys).only("name")
        return {
            row.pk: Place(
                f"{model._meta.verbose_name}: {row}",
                reverse(f"admin:posts_{name}_change", args=[row.pk]) if may else "",
            )
            for row in rows
        }

    return places


def _forget_versions(sender: type[Post], instance: Post, **given: Any) -> None:
    """Versions go with their post without a signal of their own, so that a thousand go quickly."""
    keys = list(instance.versions.values_list("pk", flat=True))
    Reference.objects.filter(source="posts.version", key__in=keys).delete()
    Reference.objects.filter(source="posts.post", key=instance.pk).delete()
