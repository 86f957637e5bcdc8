"""How gunicorn serves: threads, one socket per process, ends in time, tells one log.

It is read in the parent process. A wrong or unsafe setting ends that one, with a sentence,
before any worker starts; no connection is opened here.
"""

import logging.config
import os
import sys
from typing import Any, ClassVar

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")

from django.conf import settings
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from blogsite import companion
from blogsite.checks import log_warnings, refuse_unsafe_start

#: How many headers are remembered, and how large a body is copied to leave with its headers.
MANY, LARGE = 3000, 2**18


class OneLog(Logger):
    """gunicorn's own events in the product's log; requests are told by the page cache."""

    def setup(self, cfg: Any) -> None:
        # Heroku switches the access log on by GUNICORN_CMD_ARGS, which wins over this file.
        cfg.set("accesslog", None)
        super().setup(cfg)
        logging.config.dictConfig(settings.LOGGING)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Held(list[bytes]):
    """What is to leave, as a socket that only collects it."""

    sendall = list.append


class Response(wsgi.Response):
    """An answer in one piece, with headers that are known to be good.

    gunicorn hands the kernel first the headers and then the body, and looks at each header letter
    by letter with each answer. For a kept page that is more work than all of ours.
    """

    #: What kept pages repeat. No secret is among them, and none that gunicorn acts upon.
    repeated = frozenset({
        "Cache-Control", "Cache-Tag", "Content-Encoding", "Content-Security-Policy", "Content-Type",
        "ETag", "Last-Modified", "Referrer-Policy", "Vary", "X-Content-Type-Options",
    })  # fmt: skip
    good: ClassVar[set[tuple[str, str]]] = set()

    def process_headers(self, headers: list[tuple[str, str]]) -> None:
        new = []
        for header in headers:
            (self.headers if header in self.good else new).append(header)
        super().process_headers(new)
        for header in new:
            if header[0] in self.repeated and header in self.headers:
                self._remember(header)

    def _remember(self, header: tuple[str, str]) -> None:
        if len(self.good) >= MANY:
            self.good.clear()
        self.good.add(header)

    def write(self, part: bytes) -> None:
        if self.response_length != len(part) or len(part) > LARGE:
            return super().write(part)
        sock, self.sock = self.sock, Held()
        try:
            super().write(part)
        finally:
            held, self.sock = self.sock, sock
        return sock.sendall(b"".join(held))


wsgi_app = "blogsite.wsgi"
bind = f"0.0.0.0:{settings.PORT}"
proc_name = "blogsite"

worker_class = "gthread"
workers = settings.WEB_CONCURRENCY
threads = settings.GUNICORN_THREADS
# Without it kept-alive connections pile up on one process.
reuse_port = True
# Longer than the routers in front keep theirs, so that it is never us who hang up first.
keepalive = 95

# Everything below a router's 30 seconds. A thread that is busy longer is bounded by the
# time-outs of what it waits for; this one is for a process that hangs as a whole.
timeout = 25
graceful_timeout = 20

limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
http_parser = "auto"

# The scheme and the client's address are Django's to believe, by TRUSTED_PROXY_COUNT.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

# The heartbeat's file needs no disk, which may be read-only or slow.
MEMORY = "/dev/shm"  # noqa: S108 -- gunicorn makes a file of its own there, and unlinks it
worker_tmp_dir = MEMORY if os.access(MEMORY, os.W_OK) else None
control_socket_disable = True

logger_class = OneLog
loglevel = settings.LOG_LEVEL.lower()


def on_starting(arbiter: Any) -> None:
    refuse_unsafe_start()
    log_warnings()


def post_fork(arbiter: Any, worker: Any) -> None:
    wsgi.Response = Response  # there is no setting for it


def when_ready(arbiter: Any) -> None:
    if settings.WORKER:
        # Its checks are those above.
        command = [sys.executable, "manage.py", "worker", "--skip-checks"]
        arbiter.companion = companion.start(command, settings.BASE_DIR)


def on_reload(arbiter: Any) -> None:
    stop_companion(arbiter)
    when_ready(arbiter)


def on_exit(arbiter: Any) -> None:
    stop_companion(arbiter)


def stop_companion(arbiter: Any) -> None:
    if started := arbiter.__dict__.pop("companion", None):
        companion.stop(started)
