"""Plain functions that make rows. What a test cares about, it names; the rest is sensible."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from blogsite.media.models import Image
from blogsite.media.services import store_image
from posts.models import Post, Series, Tag
from posts.services.saving import save_post
from tests.media import pictures

_numbers = count(1)
PASSWORD = "correct horse battery"


def user(name: str = "", role: str | None = None, **fields: Any) -> User:
    name = name or f"person{next(_numbers)}"
    fields.setdefault("email", f"{name}@example.com")
    fields.setdefault("is_staff", role is not None)
    person = User.objects.create_user(name=name, password=PASSWORD, **fields)
    if role:
        person.groups.add(Group.objects.get(name=role))
    return person


def cast(names: dict[str, str], groups: dict[str, str | None]) -> dict[str, User]:
    """Many at once, in three statements: nearly every test begins with them."""
    known = {group.name: group for group in Group.objects.all()}
    people = {}
    for part, name in names.items():
        group = known.get(groups.get(part, part) or "")
        person = User(name=name, email=f"{name}@example.com", slug=name, is_staff=bool(group))
        person.set_password(PASSWORD)
        people[part] = person
    User.objects.bulk_create(people.values())
    member = User.groups.through
    member.objects.bulk_create(
        member(user_id=person.pk, group_id=known[groups.get(part, part) or ""].pk)
        for part, person in people.items()
        if person.is_staff
    )
    return people


def post(title: str = "A post", *, author: User | None = None, **fields: Any) -> Post:
    """A public post that came out an hour ago, unless told otherwise."""
    tags = fields.pop("tags", None)
    co_authors = fields.pop("co_authors", None)
    fields.setdefault("body", "Some *text* about the tide.")
    fields.setdefault("state", "published")
    if fields["state"] == "published":
        fields.setdefault("published_at", timezone.now() - timedelta(hours=1))
    author = author or user()
    row = Post(title=title, author=author, **fields)
    return save_post(row, by=author, tags=tags, co_authors=co_authors)


def draft(title: str = "A draft", **fields: Any) -> Post:
    return post(title, **{"state": "draft", **fields})


def tag(name: str = "") -> Tag:
    return Tag.objects.create(name=name or f"Topic {next(_numbers)}")


def series(name: str = "") -> Series:
    return Series.objects.create(name=name or f"Series {next(_numbers)}")


def image(by: User, name: str = "pier.jpg") -> Image:
    number = next(_numbers)
    drawn = pictures.jpeg((40 + number % 500, 40 + number // 500))
    return store_image(ContentFile(drawn, name), by=by, alt="A pier")
