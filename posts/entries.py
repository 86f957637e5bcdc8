"""What a list prints of a post, made ready once: on a page with twenty posts every step inside
the template language is taken twenty times."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from blogsite.lib import text
from blogsite.media.models import Image
from blogsite.site.models import SiteSettings, spoken_in
from posts.models import Post
from posts.paging import Place
from posts.querysets import COVER_FIELDS
from posts.slugs import address

_IMAGE_FIELDS = [field.attname for field in Image._meta.concrete_fields]


class Entry(NamedTuple):
    pk: int
    url: str
    title: str
    #: The attributes of what is in its own language, where that is not the site's.
    tongue: str
    #: Above the title: the series, else the first topic, as a link.
    kicker: SafeString
    #: Its words alone, for rows.
    topic: str
    dek: str
    #: The standfirst, else the first words of the text.
    summary: str
    #: The names of the authors, as links.
    byline: SafeString
    published_at: datetime
    minutes: int
    cover: Image | None
    #: Only members may read on.
    for_members: bool
    place: Place
    #: The stamps of the names on it.
    names: frozenset[str]


def entry(row: Mapping[str, Any]) -> Entry:
    """From a row of `PostQuerySet.for_entries`."""
    people = _people(row)
    kicker, topic, name = _kicker(row)
    language = SiteSettings.at_hand().language
    return Entry(
        pk=row["pk"],
        url=address("posts:detail", row["slug"]),
        title=row["title"] or _("Untitled"),
        tongue=spoken_in(row["language"], language),
        kicker=kicker,
        topic=topic,
        dek=row["dek"],
        summary=row["dek"] or row["excerpt"],
        byline=links_to(
            (address("posts:author", person["slug"]), person["display_name"] or person["name"])
            for person in people
        ),
        published_at=row["published_at"],
        minutes=text.reading_minutes(row["word_count"], row["language"] or language),
        cover=_cover(row),
        for_members=row["visibility"] == Post.Visibility.MEMBERS,
        place=Place(row["published_at"], row["pk"]),
        names=frozenset(f"author:{person['pk']}" for person in people) | name,
    )


def links_to(pairs: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join(", ", '<a href="{}">{}</a>', pairs)


def person_context(person: User) -> dict[str, Any]:
    """What pages say about somebody who writes."""
    return {
        "name": str(person),
        "url": address("posts:author", person.slug),
        "bio_html": person.bio_html,
        "portrait": Image(name=person.avatar).url if person.avatar else "",
        "links": person.links,
    }


def _people(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    first = {name: row[f"author__{name}"] for name in ("name", "display_name", "slug")}
    others = sorted(row["co_authors_"] or (), key=lambda person: (person["at"], person["pk"]))
    return [first | {"pk": row["author_id"]}, *others]


def _kicker(row: Mapping[str, Any]) -> tuple[SafeString, str, set[str]]:
    topic = row["topic"]
    if row["series_id"]:
        name, part = row["series__name"], row["series_position"]
        url = address("posts:series", row["series__slug"])
        more = _(", part %(number)d") % {"number": part} if part else ""
        link = format_html('<a href="{}">{}</a>{}', url, name, more)
        return link, name, {f"series:{row['series_id']}"}
    if topic:
        link = format_html(
            '<a href="{}">{}</a>', address("posts:tag", topic["slug"]), topic["name"]
        )
        return link, topic["name"], {f"tag:{topic['pk']}"}
    return SafeString(""), "", set()


def _cover(row: Mapping[str, Any]) -> Image | None:
    if row["cover__id"] is None:
        return None
    return Image.from_db(None, _IMAGE_FIELDS, [row[name] for name in COVER_FIELDS])
