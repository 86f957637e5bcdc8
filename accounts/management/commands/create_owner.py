"""Make the first administrator, by answers or by options."""

import getpass
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from accounts.roles import Role


class Command(BaseCommand):
    help = "Creates the blog's owner: an administrator who may do everything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email")
        parser.add_argument("--name", help="Public name; signs in as well as the e-mail address.")
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read the password from standard input."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User(
            email=options["email"] or self._ask("E-mail address: "),
            name=options["name"] or self._ask("Public name (no spaces): "),
            is_staff=True,
            is_superuser=True,
        )
        password = self._password(options["password_stdin"])
        try:
            owner.set_password(password)
            owner.full_clean()
            validate_password(password, owner)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        with transaction.atomic():
            owner.save()
            owner.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
        self.stdout.write(self.style.SUCCESS(f"{owner.name} can sign in now, at /admin/."))

    def _ask(self, question: str) -> str:
        try:
            return input(question).strip()
        except EOFError:
            raise CommandError("Nobody answered. Give --email and --name.") from None

    def _password(self, from_stdin: bool) -> str:
        if from_stdin:
            return self._ask("")
        first = getpass.getpass("Password: ")
        if first != getpass.getpass("Again: "):
            raise CommandError("The two passwords differ. Nothing was created.")
        return first
