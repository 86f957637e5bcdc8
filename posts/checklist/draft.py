"""What the checks look at: the content, the text as it was rendered, and what it links to."""

import re
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from django.db.models import CharField, Q, Value

from accounts.models import User
from blogsite.lib.markdown import Refused, Rendered
from blogsite.media.models import File, Image
from blogsite.prepared import Prepared
from blogsite.site.models import SiteSettings
from posts.links import InsideLink, inside_links, outside_addresses
from posts.models import FormerTag, OutsideLink, Post, Redirect, Series, SlugHistory, Tag
from posts.rendering import read

#: What a link says about a post needs of its row.
STATE = ("slug", "title", "state", "published_at", "expires_at", "trashed_at")
NOTED = Prepared(lambda post: OutsideLink.objects.filter(post=post))
#: Whose pages are looked up, by the name of their view.
GATHERED = {"tag": Tag, "series": Series, "author": User}


class Draft:
    """Each question to the database is asked once, for all links together."""

    def __init__(self, content: dict[str, Any], post: Post | None, reader: User | None) -> None:
        self.content, self.post, self.reader = content, post, reader
        self.kind = post.kind if post else Post.Kind.POST
        self.slug = content.get("slug") or ""
        #: An address that stays as it is needs no look.
        self.new_slugs = {self.slug} - {post.slug_in_row if post else None, ""}
        self.body = content.get("body") or ""
        self.language = content.get("language") or SiteSettings.at_hand().language
        self.refused = ""
        self.rendered = self._render()

    def _render(self) -> Rendered | None:
        try:
            return read(
                self.body,
                self.language,
                self.content.get("math", False),
                self.content.get("smart_quotes", True),
            )
        except Refused as refusal:
            self.refused = str(refusal)
            return None

    def line_of(self, address: str) -> int | None:
        """Where an address first stands in the text; none where it is written otherwise."""
        for form in (address, unquote(address)):
            if found := re.search(rf"(?<![\w/]){re.escape(form)}(?![\w/])", self.body):
                return self.body.count("\n", 0, found.start()) + 1
        return None

    # -- inside the site -------------------------------------------------------------------

    @cached_property
    def inside(self) -> list[tuple[InsideLink, str, str]]:
        """Each link with the name of what answers there (or nothing), and its slug or upload."""
        links = inside_links(self.rendered, self.slug) if self.rendered else []
        return [(link, *_answering(link)) for link in links]

    @cached_property
    def slugs(self) -> set[str]:
        return {name for _link, kind, name in self.inside if kind == "post"}

    @cached_property
    def uploads(self) -> set[str]:
        return {name for _link, kind, name in self.inside if kind == "upload"}

    @cached_property
    def posts(self) -> dict[str, Post]:
        wanted = self.slugs | self.new_slugs
        rows = Post.objects.filter(slug__in=wanted).only(*STATE) if wanted else ()
        return {post.slug: post for post in rows}

    @cached_property
    def moved(self) -> dict[str, Post]:
        """The posts that once had an address, by that address."""
        slugs = self.slugs | self.new_slugs
        if not slugs:
            return {}
        rows = SlugHistory.objects.filter(slug__in=slugs).select_related("post")
        wanted = [f"post__{name}" for name in STATE]
        return {row.slug: row.post for row in rows.only("slug", *wanted)}

    def may_name(self, row: Post) -> bool:
        return row.is_live() or row.pk in self._own

    @cached_property
    def _own(self) -> set[int]:
        """What the reader may edit of these posts."""
        rows = [row.pk for row in (*self.posts.values(), *self.moved.values())]
        own = Post.objects.editable_by(self.reader) if self.reader else Post.objects.none()
        return set(own.filter(pk__in=rows).values_list("pk", flat=True))

    @cached_property
    def redirects(self) -> dict[str, Redirect]:
        paths = {f"/{slug}" for slug in self.new_slugs}
        paths |= {link.path for link, _kind, _name in self.inside}
        rows = Redirect.objects.filter(path__in=paths) if paths else ()
        return {row.path: row for row in rows}

    @cached_property
    def images(self) -> dict[str, Image]:
        cover = self.content.get("cover_id")
        if not (cover or self.uploads):
            return {}
        wanted = Q(name__in=self.uploads) | Q(pk=cover)
        return {image.name: image for image in Image.objects.filter(wanted)}

    @cached_property
    def files(self) -> set[str]:
        names = self.uploads - set(self.images)
        known = File.objects.filter(name__in=names).values_list("name", flat=True)
        return set(known) if names else set()

    @cached_property
    def gathered(self) -> set[tuple[str, str]]:
        """Of the topics, series and authors that are linked to: those there are."""
        wanted = {name for _link, kind, name in self.inside if kind in GATHERED}
        first, *others = (
            model._default_manager.filter(slug__in=wanted)
            .order_by()
            .values_list(Value(kind, CharField()), "slug")
            for kind, model in [("tag", FormerTag), *GATHERED.items()]
        )
        return set(first.union(*others)) if wanted else set()

    # -- other sites -----------------------------------------------------------------------

    @cached_property
    def outside(self) -> list[str]:
        return outside_addresses(self.rendered) if self.rendered else []

    @cached_property
    def noted(self) -> dict[str, OutsideLink]:
        """The addresses that are noted of the post already, and what is known of each."""
        rows = NOTED.ask(post=self.post.pk) if self.post and self.post.pk else ()
        return {row.url: row for row in rows}

    @property
    def cover(self) -> Image | None:
        pk = self.content.get("cover_id")
        return next((image for image in self.images.values() if image.pk == pk), None)


def _answering(link: InsideLink) -> tuple[str, str]:
    match = link.match
    if match is None:
        return "", ""
    if match.view_name == "posts:detail":
        return "post", match.kwargs["slug"]
    if match.view_name == "media:serve":
        return "upload", f"{match.kwargs['digest']}/{match.kwargs['name']}"
    kind = match.view_name.removeprefix("posts:").removesuffix("_feed")
    if kind in GATHERED:
        return kind, match.kwargs["slug"]
    return "page", ""
