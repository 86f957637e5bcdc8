"""Pictures in a browser: the point that stays in sight, and what a telephone loads."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from blogsite.media.models import Image
from blogsite.media.services import store_image
from blogsite.media.variants import make_variants_of
from tests import factories
from tests.e2e.browser import axe, light_and_dark
from tests.e2e.test_organising import sign_in
from tests.media.test_variants import photograph


@pytest.fixture
def image(transactional_db) -> Image:
    by = factories.user("amara", role="Editor")
    return store_image(ContentFile(photograph((1400, 1000)), "pier.jpg"), by=by, alt="A pier")


def form_of(image: Image) -> str:
    return reverse("admin:media_image_change", args=[image.pk])


def numbers(page) -> list[str]:
    return [page.locator(f"#id_focal_{axis}").input_value() for axis in "xy"]


def pad(page):
    return page.get_by_role("button", name="Focus:")


@light_and_dark
def test_a_click_and_arrow_keys_choose_what_stays_in_sight(page, image):
    sign_in(page, form_of(image))
    expect(pad(page)).to_have_accessible_name("Focus: 50 % from the left, 50 % from the top")
    box = pad(page).bounding_box()
    pad(page).click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.7})
    assert numbers(page) == ["20", "70"]
    pad(page).press("ArrowLeft")
    pad(page).press("Shift+ArrowDown")
    assert numbers(page) == ["19", "80"]
    pad(page).press("Enter")
    for _press in range(3):
        pad(page).press("Shift+ArrowLeft")
    assert numbers(page) == ["0", "80"]
    expect(pad(page)).to_have_accessible_name("Focus: 0 % from the left, 80 % from the top")
    axe(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda url: "/change/" not in url)
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (0, 80)


def test_without_script_the_numbers_are_typed(open_page, image):
    page = open_page(javascript=False, viewport={"width": 320, "height": 640})
    sign_in(page, form_of(image))
    expect(pad(page)).to_have_count(0)
    page.get_by_label("Focus from the left, %").fill("10")
    page.get_by_role("button", name="Save", exact=True).click()
    image.refresh_from_db()
    assert image.focal_x == 10


def test_a_telephone_loads_a_small_copy(open_page, image):
    make_variants_of(image.name)
    post = factories.post(body=f"![A pier]({image.url})")
    page = open_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page.goto(post.get_absolute_url())
    picture = page.get_by_role("img", name="A pier")
    expect(picture).to_have_js_property("complete", True)
    loaded = picture.evaluate("image => image.currentSrc")
    assert loaded.endswith(f"{image.folder}/640.avif")
