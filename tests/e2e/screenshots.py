"""Take the README's picture anew from the running product: `python -m tests.e2e.screenshots`.

Expects `make run-dev` in another terminal; says so when nobody answers.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.e2e.browser import chromium_options

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "img" / "home.png"


def main() -> None:
    address = f"http://localhost:{os.environ.get('PORT', '8000')}/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        try:
            page.goto(address, wait_until="networkidle")
        except Error:
            sys.exit(f"Nobody answers on {address}. Start `make run-dev` first.")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
