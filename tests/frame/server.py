"""The Procfile's web line, running with production settings on a port of its own."""

import contextlib
import http.client
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from dev.processes import end_with_parent, free_port, stop
from tests.frame.environment import PRODUCTION, ROOT, environment

#: What it takes to speak plain HTTP to it, as a probe on the same machine does.
LOCAL = PRODUCTION | {
    "CANONICAL_HOST": "",
    "SECURE_SSL_REDIRECT": "false",
    "WEB_CONCURRENCY": "1",
}


class Server:
    def __init__(self, process: subprocess.Popen[bytes], port: int, output: Any) -> None:
        self.process = process
        self.port = port
        self.output = output

    def get(
        self, path: str, *, method: str = "GET", body: Any = None, **headers: str
    ) -> http.client.HTTPResponse:
        """One request, sent as it stands; the body is read into `response.text`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers={"Host": "localhost"} | sent)
        response = connection.getresponse()
        response.text = response.read()
        connection.close()
        return response

    def json(self, path: str, **headers: str) -> Any:
        return json.loads(self.get(path, **headers).text)

    def lines(self) -> list[str]:
        self.output.seek(0)
        return self.output.read().decode().splitlines()

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines()]

    def wait(self, path: str = "/health", seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get(path).status == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{path} was never 200:\n" + "\n".join(self.lines()[-30:]))

    def stop(self) -> float:
        """By SIGTERM; the seconds it took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return time.monotonic() - started


@contextlib.contextmanager
def serving(**variables: str) -> Iterator[Server]:
    port = free_port()
    with TemporaryFile() as output:
        process = subprocess.Popen(
            web_line(),
            cwd=ROOT,
            env=live(PORT=str(port), **variables),
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,
        )
        server = Server(process, port, output)
        try:
            server.wait()
            yield server
        finally:
            # Not by SIGINT: gunicorn's quick stop can wait for itself when it is at a request.
            stop(process, by=signal.SIGTERM)


def web_line() -> list[str]:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    return shlex.split(os.path.expandvars(lines["web"]))


def live(**variables: str) -> dict[str, str]:
    """Production's environment, with the commands of this Python on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return environment(**LOCAL | {"PATH": path} | variables)


def manage(*arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=live(**variables),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
