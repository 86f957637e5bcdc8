from __future__ import annotations

import re
import time
from collections.abc import Iterator

from bench.blog import Environment
from bench.budget import Budget
from bench.reader import costs, read
from bench.server import Server, gunicorn

HOME = "/"
POST = "/a-case-for-the-plain-index-card/"  # a little over 1,000 words

STYLESHEET = re.compile(r'<link\b[^>]*\brel="?stylesheet"?[^>]*>')
SCRIPT = re.compile(r'<script\b[^>]*\bsrc="?([^" >]+)')
ADDRESS = re.compile(r'\bhref="?([^" >]+)')


def measure_weight(blog: Environment) -> Iterator[Budget]:
    """HTML and style sheets as they travel, by gzip."""
    with gunicorn(blog) as server:
        for name, path, most in (("home", HOME, 10), ("post of 1,000 words", POST, 14)):
            html = read(server, path, {"Accept-Encoding": "identity"}).read().decode()
            styles = [path for link in STYLESHEET.findall(html) for path in ADDRESS.findall(link)]
            scripts = SCRIPT.findall(html)
            yield Budget(
                f"{name}: HTML and CSS", weight(server, [path, *styles]), "kB", at_most=most
            )
            yield Budget(f"{name}: script", weight(server, scripts), "kB", at_most=5)
            yield Budget(f"{name}: requests before first paint", 1 + len(styles), "", at_most=3)


def weight(server: Server, paths: list[str]) -> float:
    return sum(len(compressed(server, path)) for path in paths) / 1000


def compressed(server: Server, path: str) -> bytes:
    """The body as gzip, which is made after the first answer has left."""
    for _try in range(100):
        answer = read(server, path)
        if answer.getheader("Content-Encoding") == "gzip":
            return answer.read()
        time.sleep(0.05)
    raise SystemExit(f"{path} is never compressed.")


def measure_cold(blog: Environment) -> Iterator[Budget]:
    """A page made anew beside the least a Django view can do."""
    with gunicorn(blog, "bench.hello") as least, gunicorn(blog, "bench.uncached") as uncached:
        hello, home, post = costs(200, (least, "/"), (uncached, HOME), (uncached, POST))
    yield Budget(f"Django hello ÷ cold home ({home:.0f} µs)", hello / home, "×", at_least=0.06)
    yield Budget(f"Django hello ÷ cold post ({post:.0f} µs)", hello / post, "×", at_least=0.07)
