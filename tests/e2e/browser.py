"""How end-to-end tests look at a page; the fixtures are in conftest.py beside this."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

SCREENSHOTS = Path(__file__).resolve().parents[2] / ".dev" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

#: Runs a test twice, for readers who like it light and for those who like it dark.
light_and_dark = pytest.mark.parametrize("color_scheme", ["light", "dark"])

OpenPage = Callable[..., Page]

# axe would copy style sheets into the page, and the policy would rightly complain.
OPTIONS = {"preload": False, "rules": {"target-size": {"enabled": True}}}


def find_chromium() -> str | None:
    """The system's Chromium; None means Playwright's own, downloaded where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    return None


def chromium_options() -> dict:
    # Chromium's sandbox refuses root, which is who containers run tests as.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": find_chromium(), "args": QUIET + root}


def axe(page: Page) -> None:
    """Assert that axe finds nothing that shuts somebody out."""
    violations = Axe().run(page, options=OPTIONS).response["violations"]
    assert not violations, "\n".join(
        f"{rule['id']}: {rule['help']}\n    {node['html']}"
        for rule in violations
        for node in rule["nodes"]
    )


def screenshot(page: Page, name: str, *, full_page: bool = True) -> Path:
    """Keep a picture of the page in .dev/screenshots and return where."""
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=full_page)
    return path


class Complaints:
    """What a page did that no page of ours may do, collected while a test uses it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.heard: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"script failed: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports the answer 404 to a page that a test has opened on purpose, too.
        opened_itself = message.page and message.location.get("url") == message.page.url
        if message.type in ("error", "warning") and not opened_itself:
            self.heard.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.heard.append(f"asked a stranger for {request.url}")
