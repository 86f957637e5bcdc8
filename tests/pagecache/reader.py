"""A browser of few words: asks a WSGI application and keeps what it answered."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import unquote_to_bytes

import brotli

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": bytes,
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return UNPACK[self.headers.get("Content-Encoding", "")](self.body).decode()


def ask(
    application: Any,
    address: str = "/",
    *,
    method: str = "GET",
    host: str | None = "testserver",
    scheme: str = "http",
    environ: dict[str, Any] | None = None,
    **headers: str,
) -> Answer:
    """`headers` as in `accept_encoding="br"`."""
    path, _, query = address.partition("?")
    given = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **({} if host is None else {"HTTP_HOST": host}),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        **(environ or {}),
    }
    began: list[tuple[str, list[tuple[str, str]]]] = []
    response = application(given, lambda status, fields, *_: began.append((status, fields)))
    body = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    [(status, fields)] = began
    names = [name.lower() for name, _ in fields]
    assert len(names) == len(set(names)), f"a header came twice: {fields}"
    return Answer(int(status[:3]), dict(fields), body)
