"""The only way out: asking other servers without being led into our own network.

    answer = net.get("https://example.org/", method="HEAD")

A name is resolved once, and the connection goes to exactly the address that was judged: a
second answer of the name server counts for nothing. The same for each redirect. All of it
together has SECONDS, and of an answer nothing is read but its headers.

What is said in errors is plain English; `gettext` knows it where it is shown.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext_noop as _

NO_SUCH_HOST = _("No such host.")
NO_NAME_SERVER = _("The name server does not answer.")
TOO_SLOW = _("No answer in time.")
PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024  # below it live mail servers and the like, which read our words as theirs
SECONDS, MOST_REDIRECTS = 5.0, 5
REDIRECTS = (301, 302, 303, 307, 308)
UNICAST = ipaddress.ip_network("2000::/3")
#: What Python's `is_global` of one version or another takes for the open internet: addresses for
#: protocols (among them Oracle's metadata), Azure's metadata, relays and IPv6 addresses that
#: stand for an IPv4 one (6to4, Teredo), documentation. Mapped and NAT64 ones are not unicast.
NEARER = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "168.63.129.16/32", "192.88.99.0/24", "2001::/23", "2002::/16",
                    "2001:db8::/32", "3fff::/20")
)  # fmt: skip
LEFT_ALONE = "/%:=&?~+!$,;'@()*[]|"

Judge = Callable[[str], bool]


class Refused(Exception):
    """An address we do not ask. Nothing was sent."""


class Unreachable(Exception):
    """No usable answer came."""


class NoSuchHost(Unreachable):
    """The name server knows no such name."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    url: str  # after redirects


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the open internet and to nothing nearer."""
    ip = ipaddress.ip_address(address)
    if (ip.version == 6 and ip not in UNICAST) or any(ip in network for network in NEARER):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def get(
    url: str,
    *,
    method: Literal["GET", "HEAD"] = "GET",
    headers: Mapping[str, str] | None = None,
    judge: Judge = is_public,
) -> Answer:
    """Ask, and follow redirects. `headers` go to every host on the way: no secrets in them.

    Raises `Refused` or `Unreachable` with a short sentence. `judge` says which IP addresses may
    be asked; only tests, which serve from this machine, have a reason to bring their own.
    """
    journey = _Journey(method, dict(headers or {}), judge, time.monotonic() + SECONDS)
    for _hop in range(MOST_REDIRECTS + 1):
        answer = journey.ask(url)
        if answer.status not in REDIRECTS or "Location" not in answer.headers:
            return answer
        url = _location(answer)
    raise Unreachable(_("It redirects too often."))


@dataclass
class _Journey:
    """What stays the same from redirect to redirect."""

    method: str
    headers: dict[str, str]
    judge: Judge
    ends_at: float
    line: socket.socket | None = None

    def ask(self, url: str) -> Answer:
        parts, host, port = _checked(url)
        addresses = _resolve(host, port, self.left())
        if not all(map(self.judge, addresses)):
            raise Refused(_("It lies in a private network."))
        connection = HTTPConnection(host, port)
        connection.default_port = PORTS[parts.scheme]
        with self._guarded():
            self._reach(addresses, port, host if parts.scheme == "https" else "")
            connection.sock = self.line
            headers = {"Accept": "*/*", **self.headers, "Connection": "close"}
            connection.request(self.method, _target(parts), headers=headers)
            response = connection.getresponse()
            response.close()
        if self.left() <= 0:  # headers just end where they are cut off
            raise Unreachable(TOO_SLOW)
        return Answer(response.status, response.headers, url)

    def left(self) -> float:
        return self.ends_at - time.monotonic()

    def _reach(self, addresses: list[str], port: int, name: str) -> None:
        """Connect to one of the addresses that were judged already: the first that takes the call,
        where each gets its share of the time. A `name` is for TLS."""
        for remaining in range(len(addresses), 0, -1):
            share = max(self.left(), 0.001) / remaining
            try:
                self.line = sock = socket.create_connection((addresses[-remaining], port), share)
                break
            except OSError:
                if remaining == 1:
                    raise
        sock.settimeout(max(self.left(), 0.001))
        if name:
            self.line = secured = ssl.create_default_context().wrap_socket(
                sock, server_hostname=name, do_handshake_on_connect=False
            )
            secured.do_handshake()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Whatever may go wrong on the way, in one sentence, and in time: a server that sends a
        byte now and then would hold a time limit on each read for ever."""
        watch = threading.Timer(max(self.left(), 0), self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise Unreachable(_("Its certificate is not valid.")) from error
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, TimeoutError) or self.left() <= 0:
                raise Unreachable(TOO_SLOW) from error
            if isinstance(error, ConnectionRefusedError):
                raise Unreachable(_("Nobody answers there.")) from error
            raise Unreachable(_("The connection broke off.")) from error
        finally:
            watch.cancel()
            if self.line:
                self.line.close()
            self.line = None

    def _hang_up(self) -> None:
        """From another thread."""
        if self.line:
            with suppress(OSError):
                # Not SSLSocket's own, which would pull the session from under the reader.
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)


def _checked(url: str) -> tuple[SplitResult, str, int]:
    """The parts of an address that may be asked, its host in ASCII and its port."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise Refused(_("This is no address.")) from None
    if parts.scheme not in PORTS:
        raise Refused(_("Only http and https are asked."))
    if not parts.hostname or "@" in parts.netloc or any(c in url for c in "\\\r\n\t "):
        raise Refused(_("This is no address."))
    if port is not None and port not in PORTS.values() and port < FIRST_FREE_PORT:
        raise Refused(_("This port is not asked."))
    return parts, host, port or PORTS[parts.scheme]


def _target(parts: SplitResult) -> str:
    query = f"?{quote(parts.query, LEFT_ALONE)}" if parts.query else ""
    return (quote(parts.path, LEFT_ALONE) or "/") + query


def _location(answer: Answer) -> str:
    """Servers write UTF-8 where the standard knows Latin-1 only, or what is no address at all."""
    location = str(answer.headers["Location"])
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    with suppress(ValueError):
        location = urljoin(answer.url, location.strip().replace(" ", "%20"))
    return location


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """Asked in a thread: the name server's client knows no time limit of its own."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0))
    except Empty:
        raise Unreachable(NO_NAME_SERVER) from None
    if isinstance(answer, list) and answer:
        return answer
    unknown = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
    if isinstance(answer, socket.gaierror) and answer.errno in unknown:
        raise NoSuchHost(NO_SUCH_HOST)
    raise Unreachable(NO_NAME_SERVER)
