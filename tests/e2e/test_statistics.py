"""The figures in a browser: by day and by night, on a phone."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.browser import axe, light_and_dark
from tests.e2e.test_organising import PHONE, SIDEWAYS, sign_in
from tests.stats.conftest import seen


@light_and_dark
def test_figures_are_for_everybody(open_page, address, transactional_db):
    post = factories.post("Low water", author=factories.user("amara", role="Editor"))
    for back in range(40):
        seen(timezone.localdate() - timedelta(days=back), 10_000 * back, post=post)
    seen(timezone.localdate(), 3, post=post, kind="referrer", name=f"{'long-' * 18}.example")
    seen(timezone.localdate(), 3, kind="readers", name="Feedly")
    page: Page = open_page(viewport=PHONE)
    sign_in(page, "/admin/")
    for then in ("All figures", "Low water"):
        look_at(page)
        page.get_by_role("main").get_by_role("link", name=then).last.click()
        table = page.get_by_text("The same as a table").first
        table.click()
        expect(page.get_by_role("table").first).to_be_visible()
    look_at(page)
    expect(page.get_by_role("img", name="Views of each of the last 12 months")).to_be_visible()


def look_at(page: Page) -> None:
    assert page.evaluate(SIDEWAYS) == 0
    axe(page)
