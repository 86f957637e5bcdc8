"""A real Chromium before the real WSGI application, each test on an empty database.

    @light_and_dark
    def test_home_is_accessible(page, address): ...

`page` is ready to use; `open_page(javascript=False, viewport=…)` makes another one. A test
fails when one of its pages wrote an error to the console, a blocked script or style included,
or asked any other host for anything.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, expect, sync_playwright

from blogsite.pagecache import PageCache
from tests.e2e.browser import Complaints, OpenPage, chromium_options

# Playwright keeps an event loop in this thread, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Generous: two Chromiums and two blogs share what may be two slow cores.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**chromium_options())
        yield chromium
        chromium.close()


@pytest.fixture
def address(settings, transactional_db: None) -> Generator[str]:
    """Where the blog answers: with an empty memory, and on the database the test writes to."""
    # Static files straight from their sources: collectstatic has not run.
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    application = PageCache(get_wsgi_application())
    with ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler, allow_reuse_address=False) as server:
        server.daemon_threads = True
        server.set_app(application)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
    application.watcher.stop()


@pytest.fixture
def color_scheme() -> str:
    """Light, unless the test is marked light_and_dark."""
    return "light"


@pytest.fixture
def open_page(browser: Browser, address: str, color_scheme: str) -> Generator[OpenPage]:
    """A function that opens a page in a fresh profile: no cookies, nothing stored."""
    complaints = Complaints(address)
    contexts = []

    def make(*, javascript: bool = True, **options: object) -> Page:
        context = browser.new_context(
            base_url=address, color_scheme=color_scheme, java_script_enabled=javascript, **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("page", complaints.listen)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert complaints.heard == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
