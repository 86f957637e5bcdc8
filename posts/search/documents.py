"""What of a post can be found: the words of its row in the index, and of the row for the desk.

Readers find what they may read. Of a post for members that is its title and summary; its text, and
changes that are not out yet, stand in a second row that only the desk asks for.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import unescape
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from accounts.models import User
from blogsite.lib.words import WORD, all_forms, forms
from blogsite.site.models import SiteSettings
from posts.models import Authorship, Post, Tag, Version
from posts.sql import JSONList

#: Moves when what is written into the index changes: every row is then made anew.
VERSION = 1
#: Of a longer text the beginning is found: PostgreSQL holds a megabyte of words of a post.
LONGEST_TEXT, LONGEST_FORMS, LONGEST_HEADINGS = 400_000, 500_000, 20_000
#: Buttons and the numbers of notes are no words of the text.
APPARATUS = re.compile(r'<button\b.*?</button>|<sup><a\b.*?</sup>|<a class="n".*?</a>', re.DOTALL)
INSIDE_WORDS = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|em|i|ins|kbd|mark|q|s|small|span|strong|u)\b[^>]*>"
)
#: Headings, captions and cells do not end with a full stop.
ENDS = re.compile(r"</(?:h\d|figcaption|th|td|dt)>")
TAG = re.compile(r"<[^>]*>")

Names = tuple[list[dict[str, Any]], list[dict[str, Any]]]
#: By what somebody who wrote a post is found.
PERSON = ("pk", "name", "display_name")


class Row(NamedTuple):
    number: int
    made_for: str
    touched_at: datetime
    title: str
    tags: str
    headings: str
    body: str
    #: As they stand, without their stems.
    words: set[str]


def number(pk: int, *, at_desk: bool = False) -> int:
    """What only the desk may find has numbers below zero."""
    return -pk if at_desk else pk


def made_for() -> str:
    """What else than the post the words of a row follow from; its language comes after it."""
    return f"{VERSION} {SiteSettings.at_hand().zone} "


def plain(html: str) -> str:
    """The words of stored HTML."""
    html = ENDS.sub(" · ", INSIDE_WORDS.sub("", APPARATUS.sub("", html)))
    return unescape(TAG.sub(" ", html)).replace("\u00ad", "")


def rows_of(post: Post, names: Names, draft: dict[str, Any] | None = None) -> list[Row]:
    """The row for readers and that of the desk. `draft`: a version that is ahead of the post."""
    tags, people = names
    marks = [f"#t{tag['pk']}" for tag in tags] + [f"#a{person['pk']}" for person in people]
    if post.published_at:
        marks.append(f"#y{timezone.localtime(post.published_at, SiteSettings.at_hand().zone):%Y}")
    by = " ".join(f"{person['name']} {person['display_name']}" for person in people)
    shelf = " ".join(tag["name"] for tag in tags)
    words = plain(post.body_html)
    whole = f"{post.dek}\n{words}"
    headings = " ".join(title for _level, _id, title in post.toc)
    if post.visibility == Post.Visibility.MEMBERS:
        live = _row(post, False, post.title, shelf, "", f"{post.summary}\n{by}", marks)
        desk = _row(post, True, post.title, shelf, headings, f"{whole}\n{by}", marks)
    else:
        live = _row(post, False, post.title, shelf, headings, f"{whole}\n{by}", marks)
        desk = _row(post, True)
    if draft:
        written = "\n".join(draft.get(name, "") for name in ("dek", "body"))
        desk = _row(post, True, draft.get("title", ""), shelf, "", f"{written}\n{by}", marks)
    return [live, desk]


def _row(
    post: Post,
    at_desk: bool,
    title: str = "",
    tags: str = "",
    headings: str = "",
    text: str = "",
    marks: Iterable[str] = (),
) -> Row:
    language = post.spoken_language
    text = text[:LONGEST_TEXT]
    body = " ".join([*marks, all_forms(text, language)])
    return Row(
        number(post.pk, at_desk=at_desk),
        made_for() + language,
        post.touched_at,
        all_forms(title, language),
        all_forms(tags, language),
        all_forms(headings[:LONGEST_HEADINGS], language),
        body.encode()[:LONGEST_FORMS].decode(errors="ignore"),
        {
            form
            for word in WORD.findall(f"{title} {tags} {text}")
            for form in forms(word, language)[:1]
        },
    )


def with_names(posts: QuerySet[Any]) -> QuerySet[Any]:
    """On each row what it takes of others: its topics and its people."""
    return posts.annotate(**_names())


@cache
def _names() -> dict[str, Subquery]:
    """Built once: every save asks for them."""
    one = Value(1)
    tags = Tag.objects.filter(posts=OuterRef("pk")).order_by().values(one=one)
    together = Authorship.objects.filter(post=OuterRef(OuterRef("pk"))).values("user")
    people = User.objects.filter(Q(pk=OuterRef("author_id")) | Q(pk__in=together))
    person = JSONObject(**{name: name for name in PERSON})
    its_tags = tags.annotate(all=JSONList(JSONObject(pk="pk", name="name"))).values("all")
    its_people = people.order_by().values(one=one).annotate(all=JSONList(person)).values("all")
    return {"its_tags": Subquery(its_tags), "its_people": Subquery(its_people)}


def names_on(row: Any) -> Names:
    return row.its_tags or [], row.its_people or []


def ahead(posts: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Of these posts the versions that are ahead of what their rows hold."""
    live = Coalesce("post__live_number", 0)
    newer = Version.objects.filter(post__in=list(posts), number__gt=live)
    return dict(newer.order_by("number").values_list("post_id", "content"))
