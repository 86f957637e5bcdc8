"""Where a request wants to go: found out before Django is asked."""

from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode
from wsgiref.types import WSGIEnvironment

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri

from blogsite.pagecache.public import Public

PORTS = {"http": ":80", "https": ":443"}
PROBES = ("/health", "/health/ready")


class Door:
    def __init__(self) -> None:
        self.prefix = (settings.FORCE_SCRIPT_NAME or "").rstrip("/")
        self.canonical = (settings.CANONICAL_HOST or "").lower()
        self.hosts = settings.ALLOWED_HOSTS
        if settings.DEBUG and not self.hosts:
            self.hosts = [".localhost", "127.0.0.1", "[::1]"]
        self.proxied = settings.TRUSTED_PROXY_COUNT > 0
        self.only_https = settings.SECURE_SSL_REDIRECT
        # Bounded as if each were as long as a request allows.
        self.host = lru_cache(100)(self._host)
        self.page = lru_cache(2000)(self._page)

    def strip_prefix(self, environ: WSGIEnvironment) -> None:
        """Some proxies leave it in the path, some take it out, probes never add it."""
        path = environ["PATH_INFO"]
        if path == self.prefix or path.startswith(f"{self.prefix}/"):
            environ["PATH_INFO"] = path[len(self.prefix) :] or "/"
        environ["SCRIPT_NAME"] = self.prefix

    def scheme(self, environ: WSGIEnvironment) -> str:
        """As Django sees it, which believes a proxy only when told so."""
        told = environ.get("HTTP_X_FORWARDED_PROTO") if self.proxied else None
        if told is None:
            return environ["wsgi.url_scheme"]
        return "https" if told.split(",")[0].strip() == "https" else "http"

    def _host(self, given: str, scheme: str) -> str:
        """The host in one spelling, or nothing when it is not ours."""
        domain, _port = split_domain_port(given)
        if not domain or not validate_host(domain, self.hosts):
            return ""
        if domain == self.canonical:
            return domain  # whatever port a proxy has written behind it
        return given.lower().removesuffix(PORTS[scheme])

    def _page(self, path: str) -> Public | None:
        """The mark of the public view behind a path; no view gets to see a NUL."""
        try:
            view = resolve(path.encode("latin-1").decode()).func
        except (Resolver404, UnicodeError):
            return None
        return None if "\0" in path else getattr(view, "public_page", None)

    def canonical_address(self, environ: WSGIEnvironment, scheme: str, host: str) -> str:
        """Where one of our other hosts sends its readers, or nothing."""
        path = environ["PATH_INFO"]
        if host in ("", self.canonical) or path in PROBES:
            return ""
        path = quote(self.prefix + path, safe="/:@!$&'()*+,;=~", encoding="latin-1")
        query = iri_to_uri(environ.get("QUERY_STRING", ""))
        scheme = "https" if self.only_https else scheme
        return f"{scheme}://{self.canonical}{path}{'?' if query else ''}{query}"


def canonical_query(query: str, names: tuple[str, ...]) -> tuple[str, str]:
    """The parameters that the page declared, in its order; and the one that asks to look."""
    given = dict(parse_qsl(query.encode("latin-1").decode(errors="replace"), True))
    return urlencode([(name, given[name]) for name in names if name in given]), given.get("at", "")
