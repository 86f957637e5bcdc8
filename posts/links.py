"""Where the addresses in a text lead: to a place inside the site, or out of it."""

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve

from blogsite.lib.markdown import Rendered

#: More than this is a directory, not a post: what exceeds it is not looked at.
MOST_LINKS = 1000


@dataclass(frozen=True)
class InsideLink:
    """A link to this site: as it is written, and the path without prefix and closing slash."""

    address: str
    path: str

    @property
    def match(self) -> ResolverMatch | None:
        for path in dict.fromkeys((f"{self.path}/", self.path or "/")):
            try:
                return resolve(path)
            except Resolver404:
                continue
        return None


def inside_links(rendered: Rendered, slug: str) -> list[InsideLink]:
    """The links and pictures of a text at this address that lead to the site itself."""
    here = f"{get_script_prefix()}{slug}/"
    found = []
    for address in _addresses(rendered):
        parts = _parts(address)
        if parts and not address.startswith("#") and _is_ours(parts):
            path = f"{urljoin(here, parts.path)}/".removeprefix(get_script_prefix())
            found.append(InsideLink(address, address_key(path)))
    return found


def outside_addresses(rendered: Rendered) -> list[str]:
    """The addresses of other sites in a text, each once and without the place in the page."""
    found: dict[str, None] = {}
    for address in _addresses(rendered):
        parts = _parts(address)
        if parts and parts.netloc and not _is_ours(parts):
            found[parts._replace(scheme=parts.scheme or "https", fragment="").geturl()] = None
    return list(found)


def _addresses(rendered: Rendered) -> list[str]:
    return list(dict.fromkeys((*rendered.links, *rendered.images)))[:MOST_LINKS]


def _parts(address: str) -> SplitResult | None:
    """None for what is no address of the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts if parts.scheme in ("", "http", "https") else None


def _is_ours(parts: SplitResult) -> bool:
    named = [host for host in settings.ALLOWED_HOSTS if host != "*"]
    return not parts.netloc or validate_host(parts.hostname or "", named)


def path_key(path: str) -> str:
    """One spelling for a path that somebody asked for: no slash at its end."""
    return "/" + path.strip("/")


def address_key(address: str) -> str:
    """The same for a path as it is written in an address: encoded, and with what follows it."""
    return path_key(unquote(address.split("#")[0].split("?")[0]))
