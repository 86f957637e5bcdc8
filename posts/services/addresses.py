"""Old addresses go on leading somewhere: one permanent redirect, never a chain, never a loop.

All of this is read only after nothing was found at an address, so it costs found pages nothing.
"""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from blogsite.prepared import Prepared
from posts.links import address_key, path_key
from posts.models import Post, Redirect, SlugHistory
from posts.slugs import reserved_words

#: Paths below these are secrets, whoever answers them.
SECRET = frozenset({"preview"})
STRANGER = AnonymousUser()


def is_known(post: Post) -> bool:
    """Readers may know its address."""
    return post.first_published_at is not None and post.first_published_at <= timezone.now()


def keep_old_address(post: Post, before: Post | None) -> None:
    """The address that readers may know goes on leading here. Call it in the transaction.

    In order: the address left behind is kept, and replaces a redirect of that path; then, if
    the post is out, what used to lead from its present address elsewhere goes, and redirects
    to that address follow the post from now on.
    """
    replaced = []
    if before and before.slug != post.slug and is_known(before):
        SlugHistory.objects.bulk_create(
            [SlugHistory(slug=before.slug, post=post)],
            update_conflicts=True,
            unique_fields=["slug"],
            update_fields=["post", "created_at"],
        )
        replaced.append(f"/{before.slug}")
    if post.is_live():
        replaced.append(f"/{post.slug}")
    if replaced and _leads_anywhere(post.slug, replaced):
        Redirect.objects.filter(path__in=replaced).delete()
        if post.is_live():
            SlugHistory.objects.filter(slug=post.slug).delete()
            lead_here(f"/{post.slug}", post, "")


def _leads_anywhere(slug: str, paths: list[str]) -> bool:
    """Whether anything leads from these paths or to them: seldom, and asked at once."""
    forms = [form for path in paths for form in (path, f"{path}/")]
    return bool(LEADING.ask(len(forms), slug=slug, **{f"form{n}": f for n, f in enumerate(forms)}))


def _leading(count: int, slug: str, **forms: str) -> Any:
    from_or_to = Q(path__in=forms.values()) | Q(target__in=forms.values())
    old = SlugHistory.objects.filter(slug=slug).values_list("slug")
    redirects = Redirect.objects.filter(from_or_to).order_by().values_list("path")
    return redirects.union(old, all=True)[:1]


LEADING = Prepared(_leading)


def lead_here(path: str, post: Post | None, target: str) -> None:
    """What leads to this path leads to its new place at once: chains are collapsed."""
    Redirect.objects.filter(target__in=[path, f"{path}/"]).update(post=post, target=target)


def may_be_old(path: str) -> bool:
    """Not the front page, and nothing that the site itself answers."""
    head = path.strip("/").split("/")[0]
    return bool(head) and head not in reserved_words() | SECRET


def new_address(path: str, query: str = "", *, reader: Any = STRANGER) -> str | None:
    """Where a path that nobody answers leads, as one whole step; None when it leads nowhere to
    this reader.

    `path` is without the prefix of the site. Steps are taken here, not by the browser, and
    none is taken twice, so whatever the tables hold a reader never goes round in circles.
    """
    key, tail = path_key(path), f"?{query}" if query else ""
    seen: set[str] = set()
    step: Post | str | None = None
    while onward := _leads_to(key):
        step = onward
        seen.add(key)
        if isinstance(step, Post) or not step.startswith("/"):
            break
        key, tail = address_key(step), urlsplit(step)._replace(path="").geturl() or tail
        if key in seen:
            return None
    if isinstance(step, Post):
        may_read, told_of = Post.objects.live().visible_to(reader), Post.objects.met()
        there = any(posts.filter(pk=step.pk).exists() for posts in (may_read, told_of))
        return step.get_absolute_url() + iri_to_uri(tail) if there else None
    if step and step.startswith("/"):
        step = get_script_prefix() + step[1:]
    return iri_to_uri(step) if step else None


def _leads_to(key: str) -> Post | str | None:
    """The next step: the post that once lived there, or what the owner wrote. A live post stays."""
    slug = key[1:]
    if "/" not in slug:
        if Post.objects.published().filter(slug=slug).exists():
            return None
        if old := SlugHistory.objects.select_related("post").filter(slug=slug).first():
            return old.post
    row = Redirect.objects.select_related("post").filter(path=key).first()
    return (row.post or row.target) if row else None
