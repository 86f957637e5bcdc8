"""Links to a post that moved, in the texts of other posts: found, and led to its new address.

Nothing is guessed about Markdown. A place is changed only if the page made from the text then
differs in the destination of that link and in nothing else: code and prose stay as they are.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import chain
from typing import Any
from urllib.parse import quote, unquote

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from accounts.models import User
from blogsite.lib.markdown import Refused
from blogsite.pagecache import stamping
from posts.content import Content
from posts.models import Post, Version
from posts.models.post import SOURCE_FIELDS
from posts.services.saving import amend

MOST_PLACES = 200
LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)("[^>]*>)([^<]*)')


@dataclass(frozen=True)
class Change:
    """A text with its links led on, and the lines (from 1) where they stand."""

    before: str
    body: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Linking:
    """A post that links to an old address: in the text that is out, in the draft, or in both."""

    post: Post
    newest: Version | None
    live: Change
    draft: Change

    @property
    def is_ahead(self) -> bool:
        """Whether a draft waits over the text that readers see."""
        return bool(self.newest and self.newest.number > (self.post.live_number or 0))

    @property
    def lines(self) -> list[int]:
        return sorted({*self.live.lines, *self.draft.lines})


class Moved:
    """A post that moved, and what its old addresses look like in other people's texts."""

    def __init__(self, post: Post, hosts: Collection[str]) -> None:
        self.post = post
        left = dict(post.old_slugs.values_list("slug", "created_at"))
        self.slugs, self.last_at = list(left), max(left.values(), default=None)
        self.spellings = sorted({form for slug in self.slugs for form in (slug, quote(slug))})
        ours = "|".join(re.escape(host) for host in sorted(hosts) if host)
        prefix = re.escape(get_script_prefix().rstrip("/"))
        self.head = rf"(?P<head>(?:(?i:https?://(?:{ours})))?(?:{prefix})?)"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        slugs = "|".join(map(re.escape, self.spellings))
        return re.compile(rf"(?<![\w/.-]){self.head}/(?:{slugs})(?:/|(?=[)\s>\"'#?\]])|$)")

    def candidates(self) -> list[int]:
        """Posts that write an old address, in the text that is out or in a draft over it."""
        in_row, in_draft = Q(), Q()
        for spelling in self.spellings:
            in_row |= Q(body__contains=f"/{spelling}")
            in_draft |= Q(content__body__icontains=f"/{spelling}")
        posts = Post.objects.filter(in_row, trashed_at=None).order_by()
        drafts = Version.objects.filter(
            in_draft, post__trashed_at=None, number__gt=F("post__live_number")
        ).order_by()
        texts = chain(
            posts.values_list("pk", "body").iterator(),
            drafts.values_list("post_id", "content__body").iterator(),
        )
        return sorted({pk for pk, body in texts if self.pattern.search(body)})

    def led(self, found: re.Match[str]) -> str:
        return f"{found['head']}/{self.post.slug}/"

    def change(self, body: str, source: dict[str, Any]) -> Change:
        """`source` is what the text is rendered with."""
        places = list(self.pattern.finditer(body))[:MOST_PLACES]

        def page(text: str) -> str:
            fresh = Post(**source | {"body": text})
            fresh.derive()
            return fresh.body_html

        try:
            return self._change(body, places, page)
        except Refused:
            return Change(body, body)

    def _change(self, body: str, places: list[re.Match[str]], page: Callable[[str], str]) -> Change:
        if not places:
            return Change(body, body)
        before, html = body, page(body)
        meaning, lines = self._meaning(html), []
        for place in reversed(places):  # from the end, so that the places before stay in place
            changed = body[: place.start()] + self.led(place) + body[place.end() :]
            if (after := page(changed)) != html and self._meaning(after) == meaning:
                lines.append(body.count("\n", 0, place.start()) + 1)
                body, html = changed, after
        return Change(before, body, tuple(reversed(lines)))

    def _meaning(self, html: str) -> str:
        """The page as if every link led to the new address already."""

        def lead(link: re.Match[str]) -> str:
            before, href, after, words = link.groups()
            written = unquote(unescape(href))
            address = self.pattern.sub(self.led, written)
            if unquote(unescape(words)) == written:  # an address that is its own words
                words = address
            return before + address + after + words

        return LINK.sub(lead, html)


def posts_linking_to_old_addresses(
    post: Post, hosts: Collection[str], *, most: int
) -> tuple[list[Linking], bool]:
    """At most so many posts whose links can be led on, and whether more wait to be looked at."""
    moved = Moved(post, hosts)
    pks = moved.candidates() if moved.slugs else []
    newest = Version.objects.filter(post=OuterRef("pk")).order_by("-number").values("pk")[:1]
    posts = Post.objects.filter(pk__in=pks[:most]).with_byline().order_by("title", "pk")
    rows = list(posts.annotate(newest_pk=Subquery(newest)))
    versions = Version.objects.in_bulk([row.newest_pk for row in rows])
    found = (_linking(moved, row, versions.get(row.newest_pk)) for row in rows)
    return [one for one in found if one.lines], len(pks) > most


def _linking(moved: Moved, post: Post, newest: Version | None) -> Linking:
    live = {name: getattr(post, name) for name in SOURCE_FIELDS}
    draft = live | {name: newest.content.get(name, live[name]) for name in live} if newest else live
    changed = moved.change(post.body, live)
    return Linking(
        post, newest, changed, changed if draft == live else moved.change(draft["body"], draft)
    )


def lead_on(linking: Linking, *, by: User) -> None:
    """Store the links of one post, and leave everything else about it as it is.

    In one transaction: what readers see and a draft over it become new versions, each with
    its own links led on (`amend`), and the post is not called updated. A text that somebody
    saved since is left alone.
    """
    post = linking.post
    led = {change.before: change.body for change in (linking.live, linking.draft)}

    def change(content: Content) -> Content:
        return content | {"body": led.get(content["body"], content["body"])}

    with stamping():
        amend(post, change, by=by, note=_("Links to posts that moved"))
        Post.objects.filter(pk=post.pk).update(edited_at=post.edited_at)
