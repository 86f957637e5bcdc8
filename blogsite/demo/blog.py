"""Puts the sample blog into the database, through the same services as everybody."""

from datetime import datetime, time, timedelta
from io import BytesIO
from typing import TypeVar

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import save_person
from blogsite.demo import people, texts
from blogsite.demo.pictures import DRAWINGS
from blogsite.demo.texts import BLOG, Text
from blogsite.media.models import Image
from blogsite.media.services import store_image
from blogsite.pagecache import stamping
from blogsite.site.models import SiteSettings
from posts.models import Post, Series, Tag
from posts.services.organising import save_gathering
from posts.services.saving import save_post

Row = TypeVar("Row", Tag, Series)

PUBLISHED_AT = time(7, 30)
#: Of a text what is no field of a post as it stands.
LOOKED_UP = {"slug", "body", "author", "co_authors", "tags", "series", "cover", "day", "until"}


def is_there() -> bool:
    """The owner is stored together with the last of the texts: one stands for all."""
    return User.objects.filter(email__iexact=people.DEVELOPMENT_OWNER).exists()


def is_anybody_else_there() -> bool:
    strangers = User.objects.exclude(email__in=people.emails())
    return Post.objects.exists() or strangers.exists()


def plant() -> User:
    """Add everything and return the owner. What was begun before and broken off is finished.

    In order: the writers; the pictures, which are slow; the texts, rendered; then all rows
    in one transaction, the owner last.
    """
    writers = people.add_writers()
    images = {name: _picture(name, writers["amara"]) for name in DRAWINGS}
    written = [(_post(text, writers, images), text) for text in texts.posts() + texts.pages()]
    for post, _text in written:
        post.derive()
    with stamping():
        _describe_site()
        for name, writer in writers.items():
            writer.avatar = images[name].name
            save_person(writer)
        tags = {name: _gathering(Tag, name, about) for name, about in BLOG["tags"].items()}
        series = {name: _gathering(Series, name, about) for name, about in BLOG["series"].items()}
        for post, text in written:
            post.series = series.get(text.get("series"))
            authors = [writers[name] for name in text.get("co_authors", ())]
            topics = [tags[name] for name in text.get("tags", ())]
            save_post(post, by=post.author, tags=topics, co_authors=authors)
        return people.add_owner()


def _picture(name: str, by: User) -> Image:
    draw = DRAWINGS[name]
    file, alt = BytesIO(draw().png()), " ".join((draw.__doc__ or "").split())
    file.name = f"{name}.png"
    return store_image(file, by=by, alt=alt, is_decorative=not alt)


def _post(text: Text, writers: dict[str, User], images: dict[str, Image]) -> Post:
    def address(kind: str, name: str) -> str:
        return images[name].url if kind == "image" else reverse("posts:detail", args=[name])

    return Post(
        **{name: value for name, value in text.items() if name not in LOOKED_UP},
        body=texts.with_addresses(text["body"], address),
        author=writers[text["author"]],
        cover=images.get(text.get("cover", "")),
        published_at=_moment(text.get("day")),
        expires_at=_moment(text.get("until")),
    )


def _moment(day: int | None) -> datetime | None:
    if day is None:
        return None
    morning = datetime.combine(timezone.localdate(), PUBLISHED_AT)
    return timezone.make_aware(morning + timedelta(days=day))


def _gathering(kind: type[Row], name: str, about: str) -> Row:
    row = kind.objects.filter(name__iexact=name).first()
    if row is None:
        row = kind(name=name, description=about)
        save_gathering(row)
    return row


def _describe_site() -> None:
    """A blog that already has a name keeps it, and its navigation too."""
    site = SiteSettings.current()
    if site.title != SiteSettings._meta.get_field("title").default:
        return
    for field, value in BLOG["site"].items():
        setattr(site, field, value)
    site.save()
