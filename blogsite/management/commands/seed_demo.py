"""A blog to look around in: texts, pictures and people of a small harbour."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts.backends import DEVELOPMENT_OWNER
from accounts.models import User
from blogsite.demo import blog, people

IN_USE = "This database is in use, so no sample blog was added; --force adds one anyway."
NO_OWNER = (
    f"{DEVELOPMENT_OWNER} cannot sign in outside development: make an account of your own with "
    "`manage.py create_owner`."
)


class Command(BaseCommand):
    help = "Adds a believable sample blog, once. Changes nothing when it is there already."
    # `make run-dev` comes by at every start; the server checks everything a second later.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="Add it although the blog has texts of its own."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        is_development = settings.ENV == "development"
        if not blog.is_there():
            if blog.is_anybody_else_there() and not options["force"]:
                if not is_development:
                    raise CommandError(IN_USE)
                self.stdout.write(IN_USE)
                return
            blog.plant()
            self.stdout.write("Low Water, a sample blog, is in the database.")
            if not is_development:
                self.stdout.write(NO_OWNER)
        if is_development:
            self._open_the_door()

    def _open_the_door(self) -> None:
        """Give the owner a password, unless there is one that is known."""
        owner = User.objects.get(email__iexact=DEVELOPMENT_OWNER)
        kept = people.kept_password()
        if kept and owner.has_usable_password():
            return
        password = kept or secrets.token_urlsafe(12)
        can_keep = people.keep_password(password)
        if owner.has_usable_password() and not can_keep:
            return
        people.open_the_desk(owner, password)
        self._say_how_to_sign_in(owner, "" if kept else password, can_keep)

    def _say_how_to_sign_in(self, owner: User, password: str, can_keep: bool) -> None:
        address = f"http://localhost:{settings.PORT}{reverse('admin:index')}"
        self.stdout.write(f"Sign in at {address} as {owner.email}.")
        if password:
            self.stdout.write(f"Password, shown this once: {password}")
        if can_keep:
            self.stdout.write(f"It is kept in {people.password_file()}.")
        else:
            self.stdout.write("Nothing can be kept beside the code here: note it down.")
