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
from blogsite.demo.texts import Text
from blogsite.media.models import Image
from blogsite.media.services import store_image
from blogsite.pagecache import stamping
from blogsite.site.models import SiteSettings
from posts.models import Post, Series, Tag
from posts.services.organising import save_gathering
from posts.services.saving import save_post

Row = TypeVar("Row", Tag, Series)

PUBLISHED_AT = time(7, 30)
TAGS = {
    "Letters": "Sent across the water, and back.",
    "Maps": "What is drawn, what is left out, and who complained.",
    "Mending": "Things worth the trouble, and the trouble.",
    "Small places": "Villages, islands, one-room museums. How life is arranged where everybody "
    "is somebody’s cousin.",
    "Tides": "The sea, its timetable, and how far it keeps to it.",
    "Tools": "For measuring, writing down and finding again.",
}
SERIES = {
    "Reading the sea": "From a chalk mark on a wall to a tide table of our own, with a drainpipe, "
    "a month of readings and a very short program.",
}
TAGLINE = "Essays and working notes from a small harbour, on tides, tools and things worth mending."
FOOTER = (
    "Written by four people in a harbour of nine hundred. Set in your own device's typefaces; "
    "no cookies, nothing watching."
)


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
        _give_portraits(writers, images)
        tags = {name: _gathering(Tag, name, about) for name, about in TAGS.items()}
        series = {name: _gathering(Series, name, about) for name, about in SERIES.items()}
        for post, text in written:
            post.series = series.get(text.series)
            authors = [writers[name] for name in text.co_authors]
            topics = [tags[name] for name in text.tags]
            save_post(post, by=post.author, tags=topics, co_authors=authors)
        return people.add_owner()


def _picture(name: str, by: User) -> Image:
    drawing = DRAWINGS[name]
    file = BytesIO(drawing.draw().png())
    file.name = f"{name}.png"
    return store_image(file, by=by, alt=drawing.alt, is_decorative=not drawing.alt)


def _post(text: Text, writers: dict[str, User], images: dict[str, Image]) -> Post:
    is_page = text.kind == Post.Kind.PAGE
    return Post(
        kind=text.kind,
        title=text.title,
        dek=text.dek,
        body=_body(text, images),
        author=writers[text.author],
        state=text.state,
        series_position=text.part,
        cover=images.get(text.cover),
        cover_caption=text.caption,
        is_featured=text.featured,
        math=text.math,
        comments_mode=Post.Comments.CLOSED if is_page else Post.Comments.OPEN,
        published_at=_moment(text.day),
        expires_at=_moment(text.until),
    )


def _body(text: Text, images: dict[str, Image]) -> str:
    def address(kind: str, name: str) -> str:
        return images[name].url if kind == "image" else reverse("posts:detail", args=[name])

    return text.body_with(address)


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


def _give_portraits(writers: dict[str, User], images: dict[str, Image]) -> None:
    for name, writer in writers.items():
        writer.avatar = images[name].name
        save_person(writer)


def _describe_site() -> None:
    """A blog that already has a name keeps it, and its navigation too."""
    site = SiteSettings.current()
    if site.title != SiteSettings._meta.get_field("title").default:
        return
    site.title = "Low Water"
    site.tagline = TAGLINE
    site.navigation = [
        {"label": "Archive", "address": "/archive/"},
        {"label": "Series", "address": "/series/"},
        {"label": "Tides", "address": "/tags/tides/"},
        {"label": "About", "address": "/about/"},
    ]
    site.footer_text = FOOTER
    site.social_links = [{"label": "E-mail", "address": "mailto:harbour@example.org"}]
    site.save()
