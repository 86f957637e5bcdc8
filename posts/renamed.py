"""Series and people can still be found at the address they had, as posts and topics can."""

from typing import Any

from django.db.models.signals import pre_save

from accounts.models import User
from posts.gathered import path_of
from posts.models import Redirect, Series
from posts.services.addresses import lead_here


def listen() -> None:
    for model in (Series, User):
        pre_save.connect(_keep_address, sender=model, dispatch_uid="posts.renamed")


def _keep_address(sender: Any, instance: Any, update_fields: Any = None, **more: Any) -> None:
    """Before the row: until that is stored, its page answers at the old address anyway."""
    if instance._state.adding or update_fields is not None:
        return
    kind = "series" if sender is Series else "author"
    rows = sender._default_manager.filter(pk=instance.pk).exclude(slug=instance.slug)
    for slug in rows.values_list("slug", flat=True):
        old, new = path_of(kind, slug), path_of(kind, instance.slug)
        Redirect.objects.filter(path=new).delete()
        Redirect.objects.update_or_create(path=old, defaults={"post": None, "target": f"{new}/"})
        lead_here(old, None, f"{new}/")
