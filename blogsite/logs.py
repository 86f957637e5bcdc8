"""What the process tells: one JSON object a line for machines, readable lines for a developer.

Nothing secret leaves: the finished line is searched for known secrets and for what looks like
one, so that it does not matter through which message, argument or traceback it came.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from blogsite.lib import request_id

logger = logging.getLogger(__name__)

HIDDEN = "[hidden]"
SHORTEST_SECRET = 8
#: Each keeps what stands before the secret, so that the line still says where it was.
SECRET_PATTERNS = [
    re.compile(r"(?i)((?:authorization|cookie|set-cookie)['\"]?\s*[:=]\s*)[^\n]+"),
    re.compile(
        r"(?i)((?:\b|_)(?:token|key|sig|signature|(?<!status_)code|password|passwd|secret|credential)"
        r"['\"]?\s*[:=]\s*['\"]?)[^\s&'\",;]+"
    ),
    # Bounded: strangers write paths that begin like an address again and again.
    re.compile(r"(://[^\s/:@]*:)[^\s@]{1,1000}+(?=@)"),
    re.compile(r"(/password/reset/)[^\s/]+(?:/[^\s/]+)?"),
    # Not the clean address that such a secret is exchanged for.
    re.compile(r"(/preview/)(?!\d+/read/)[^\s?'\"]+"),
]
#: Chatty or indiscreet below this, whatever LOG_LEVEL says.
QUIET = dict.fromkeys(("boto3", "botocore", "s3transfer", "urllib3", "PIL", "asyncio"), "INFO")
STANDARD = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "request", "server_time"}


class Discreet(logging.Formatter):
    """The common part: knows the process's own secrets and hides them."""

    def __init__(self, *args: Any, secrets: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def hide(self, text: str) -> str:
        text = text.encode(errors="replace").decode()  # half a surrogate pair cannot be written
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        for pattern in SECRET_PATTERNS:
            text = pattern.sub(rf"\1{HIDDEN}", text)
        return text


class Readable(Discreet):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S", **kwargs)

    def formatMessage(self, record: logging.LogRecord) -> str:
        extras = "".join(f" {name}={value}" for name, value in _extras(record))
        return super().formatMessage(record) + extras

    def format(self, record: logging.LogRecord) -> str:
        return self.hide(super().format(record))


class JsonLines(Discreet):
    """An event is one line, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.hide(record.getMessage()),
        }
        if known := request_id.current.get():
            event["request_id"] = known
        event |= {name: self._plain(value) for name, value in _extras(record)}
        if record.exc_info:
            event["exception"] = self.hide(self.formatException(record.exc_info))
        if record.stack_info:
            event["stack"] = self.hide(record.stack_info)
        return json.dumps(event, ensure_ascii=False)

    def _plain(self, value: Any) -> Any:
        return value if isinstance(value, int | float | bool) else self.hide(str(value))


def _extras(record: logging.LogRecord) -> Iterable[tuple[str, Any]]:
    # The development server puts a socket there instead.
    if path := getattr(getattr(record, "request", None), "path", None):
        yield "method", record.__dict__["request"].method
        yield "path", path[:500]
    for name, value in record.__dict__.items():
        if name not in STANDARD and value is not None:
            yield name, value


class Proportion(logging.Filter):
    """What strangers can cause at will is a line at most, never a traceback or an alarm."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return getattr(record, "status_code", None) != 404


def configuration(level: str, *, readable: bool, secrets: Iterable[str] = ()) -> dict[str, Any]:
    """For logging.config.dictConfig: everything to stdout through one handler."""
    form = Readable if readable else JsonLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"proportion": {"()": Proportion}},
        "formatters": {"line": {"()": form, "secrets": tuple(secrets)}},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "line",
                "filters": ["proportion"],
            }
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            # Django's own handlers give way to the one above.
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            "django.server": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
            "django.template": {"level": "INFO"},
            # ACCESS_LOG alone decides about it.
            "blogsite.access": {"level": "INFO"},
            **{name: {"level": quiet} for name, quiet in QUIET.items()},
        },
    }


def catch_the_rest() -> None:
    """Warnings, and what ends a process or a thread, become events like all others."""
    logging.captureWarnings(True)
    sys.excepthook = _tell_end_of_process
    threading.excepthook = _tell_end_of_thread


def _tell_end_of_process(kind: type[BaseException], failure: BaseException, trace: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, failure, trace)
    else:
        logger.critical("process.failed", exc_info=(kind, failure, trace))


def _tell_end_of_thread(end: threading.ExceptHookArgs) -> None:
    if end.exc_value:
        name = end.thread.name if end.thread else ""
        trace = (end.exc_type, end.exc_value, end.exc_traceback)
        logger.error("thread.failed", exc_info=trace, extra={"thread_name": name})
