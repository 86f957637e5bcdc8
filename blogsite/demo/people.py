"""Who writes the sample blog, and the owner who may sign in to it during development."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group

from accounts.backends import DEVELOPMENT_OWNER
from accounts.models import User
from accounts.roles import Role
from accounts.services import save_person
from blogsite.demo.texts import BLOG
from blogsite.lib.text import first_free


def emails() -> list[str]:
    return [DEVELOPMENT_OWNER, *(person["email"] for person in BLOG["people"])]


def add_writers() -> dict[str, User]:
    """Nobody can sign in as one of them until an administrator sets a password."""
    return {person["name"]: _writer(**person) for person in BLOG["people"]}


def _writer(*, email: str, role: str, **fields: str) -> User:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        person = _stranger(email=email, is_staff=True, **fields)
    person.groups.add(Group.objects.get(name=role))
    return person


def add_owner() -> User:
    """An empty name that opens nothing: its address is in every copy of this software."""
    return _stranger(email=DEVELOPMENT_OWNER, name="owner", display_name="The harbour office")


def _stranger(*, name: str, **fields: Any) -> User:
    """A living blog may have an “owner” or a “jun” of its own."""
    taken = {taken.lower() for taken in User.objects.values_list("name", flat=True)}
    person = User(name=first_free(name, taken), **fields)
    person.set_unusable_password()
    save_person(person)
    return person


def open_the_desk(owner: User, password: str) -> None:
    """Make the owner an administrator. For development only."""
    owner.is_staff = owner.is_superuser = True
    owner.set_password(password)
    save_person(owner)
    owner.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))


def password_file() -> Path:
    return Path(settings.BASE_DIR) / ".dev" / "owner-password"


def kept_password() -> str:
    """What an earlier run kept on this machine, whichever database it was for."""
    try:
        return password_file().read_text().strip()
    except OSError:
        return ""


def keep_password(password: str) -> bool:
    """False where nothing can be written beside the code, as in a container."""
    path = password_file()
    try:
        path.parent.mkdir(exist_ok=True)
        # Born private: closing it to others afterwards would leave them a moment.
        path.touch(mode=0o600)
        path.write_text(password + "\n")
    except OSError:
        return False
    return True
