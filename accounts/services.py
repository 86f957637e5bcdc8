"""People: stored and removed with the pages that carry their name."""

from collections.abc import Iterable

from accounts.models import User
from blogsite.pagecache import stamping, touch


def save_person(person: User) -> None:
    """Store a person; pages with their name follow."""
    with stamping():
        person.save()
        touch(f"author:{person.pk}")


def delete_people(people: Iterable[User]) -> None:
    """Remove people for good. Somebody whose posts remain cannot be removed (switch off)."""
    with stamping():
        for person in list(people):
            touch(f"author:{person.pk}")
            person.delete()
