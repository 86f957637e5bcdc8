"""People: stored and removed with the pages that carry their name."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from accounts.models import User
from accounts.signals import person_renamed
from blogsite.pagecache import stamping, touch


def save_person(person: User) -> None:
    """Store a person; pages with their name follow, and whoever else goes by it hears of it."""
    with stamping():
        called = {"name": person.name, "display_name": person.display_name}
        renamed = person.pk and not User.objects.filter(pk=person.pk, **called).exists()
        person.save()
        if renamed:
            transaction.on_commit(partial(person_renamed.send, User, pk=person.pk))
        touch(f"author:{person.pk}")


def delete_people(people: Iterable[User]) -> None:
    """Remove people for good. Somebody whose posts remain cannot be removed (switch off)."""
    with stamping():
        for person in list(people):
            touch(f"author:{person.pk}")
            person.delete()
