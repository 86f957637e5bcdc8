"""Pages in the navigation of the site: put in, taken out, and followed when they move."""

from blogsite.site.services import Links, change_navigation, link, navigation
from posts.links import InsideLink, address_key
from posts.models import Post
from posts.services.addresses import new_address


def is_in_navigation(slug: str) -> bool:
    return any(_leads_to(one["address"], slug) for one in navigation())


def lost_in_navigation() -> list[str]:
    """What the entries are called that lead to a post not everybody can read, or to none."""
    inside = [one for one in navigation() if one["address"].startswith("/")]
    paths = {address_key(one["address"]): one["label"] for one in inside}
    matches = {path: InsideLink(path, path).match for path in paths}
    slugs = {p[1:] for p, match in matches.items() if match and match.view_name == "posts:detail"}
    readable = Post.objects.published().filter(slug__in=slugs).values_list("slug", flat=True)
    lost = slugs - set(readable) if slugs else set()
    return [name for p, name in paths.items() if p[1:] in lost and not new_address(f"{p}/")]


def put_into_navigation(post: Post, entries: Links | None = None) -> None:
    """At the end, under its title or as `entries` it once had, unless it is there already."""
    new = entries or [link(str(post), f"/{post.slug}/")]

    def added(links: Links) -> Links:
        is_there = any(_leads_to(one["address"], post.slug) for one in links)
        return links if is_there else [*links, *new]

    change_navigation(added)


def take_out_of_navigation(post: Post) -> Links:
    """Every entry that leads to this post, and which they were."""
    out: Links = []

    def without(links: Links) -> Links:
        out[:] = [one for one in links if _leads_to(one["address"], post.slug)]
        return [one for one in links if one not in out]

    change_navigation(without)
    return out


def follow_in_navigation(old: str, new: str) -> None:
    """Entries that lead to the old address of a post lead to the new one."""

    def led(address: str) -> str:
        return f"/{new}/{_tail(address)}" if _leads_to(address, old) else address

    if is_in_navigation(old):
        change_navigation(lambda links: [link(o["label"], led(o["address"])) for o in links])


def _leads_to(address: str, slug: str) -> bool:
    return address.startswith("/") and address_key(address) == f"/{slug}"


def _tail(address: str) -> str:
    """What follows the path: a question, or a place in the page."""
    return address[len(address.split("#")[0].split("?")[0]) :]
