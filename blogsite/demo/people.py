"""Who writes the sample blog, and the owner who may sign in to it during development."""

import os
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group

from accounts.backends import DEVELOPMENT_OWNER
from accounts.models import User
from accounts.roles import Role
from accounts.services import save_person
from blogsite.lib.text import first_free


class Writer(NamedTuple):
    name: str
    display_name: str
    role: Role
    bio: str

    @property
    def email(self) -> str:
        return f"{self.name}@example.org"


WRITERS = [
    Writer(
        "ines",
        "Ines Halvorsen",
        Role.EDITOR,
        "Grew up above a chandlery and has been explaining rope to people ever since. Edits Low "
        "Water, writes about tides and the instruments that follow them, and reads the gauge on "
        "even days.",
    ),
    Writer(
        "tomasz",
        "Tomasz Wrede",
        Role.AUTHOR,
        "Has worked the ferry for eleven years, latterly as purser. Keeps a weather diary, badly.",
    ),
    Writer(
        "amara",
        "Amara Diallo",
        Role.AUTHOR,
        "Weaves chair seats, draws maps and binds what the printer prints. Believes that anything "
        "glued should come apart when asked.",
    ),
    Writer(
        "jun",
        "Jun Castellan",
        Role.CONTRIBUTOR,
        "Keeps the harbour library: one room, four thousand cards. Used to write software.",
    ),
]


def emails() -> list[str]:
    return [DEVELOPMENT_OWNER, *(writer.email for writer in WRITERS)]


def add_writers() -> dict[str, User]:
    """Nobody can sign in as one of them until an administrator sets a password."""
    return {writer.name: _writer(writer) for writer in WRITERS}


def _writer(writer: Writer) -> User:
    person = User.objects.filter(email__iexact=writer.email).first()
    if person is None:
        person = User(
            email=writer.email,
            name=_free_name(writer.name),
            display_name=writer.display_name,
            bio=writer.bio,
            is_staff=True,
        )
        person.set_unusable_password()
        save_person(person)
    person.groups.add(Group.objects.get(name=writer.role))
    return person


def add_owner() -> User:
    """An empty name that opens nothing: its address is in every copy of this software."""
    owner = User(
        email=DEVELOPMENT_OWNER, name=_free_name("owner"), display_name="The harbour office"
    )
    owner.set_unusable_password()
    save_person(owner)
    return owner


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
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError:
        return False
    with os.fdopen(file, "w") as writing:
        writing.write(password + "\n")
    return True


def _free_name(wanted: str) -> str:
    """A living blog may have an “owner” or a “jun” of its own."""
    return first_free(
        wanted, {name.lower() for name in User.objects.values_list("name", flat=True)}
    )
