"""Small real servers on this machine, for what goes out: answers by path, and bad manners."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]


def loopback(address: str) -> bool:
    """A judge for tests: only the first address of this machine."""
    return address == "127.0.0.1"


@dataclass
class Web:
    """What the server answers by path, and what it was asked: (method, host, path, moment)."""

    port: int = 0
    replies: dict[str, Reply | Callable[[str], Reply]] = field(default_factory=dict)
    asked: list[tuple[str, str, str, float]] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def says(self, path: str, status: int = 200, body: bytes = b"", **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies[path] = (status, named, body)
        return self.url(path)

    @property
    def requests(self) -> list[str]:
        return [f"{method} {path}" for method, _host, path, _moment in self.asked]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers["Host"]
        self.asked.append((handler.command, host, handler.path, time.monotonic()))
        self.heard.append(handler.headers)
        reply = self.replies.get(handler.path, (404, {}, b""))
        status, headers, body = reply(handler.command) if callable(reply) else reply
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            with suppress(ConnectionError):  # who asked may have heard enough
                handler.wfile.write(body)


@contextmanager
def serving(certificate: str | None = None) -> Iterator[Web]:
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.answer(self)

        do_HEAD = do_GET

        def log_message(self, *args: object) -> None:
            """Not into the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def dripping(first: bytes, drop: bytes, pause: float) -> Iterator[str]:
    """A server that says `first` and then one drop after the other, as long as somebody listens."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            caller, _address = listener.accept()
            with caller:
                caller.recv(65_536)
                caller.sendall(first)
                while not over.wait(pause):
                    caller.sendall(drop)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        over.set()
        listener.close()
        thread.join(5)
