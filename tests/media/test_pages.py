"""How pages show pictures of the library."""

import pytest
from django.core.files.base import ContentFile
from django.template import Context, Template

from blogsite.media.models import Image
from blogsite.media.services import store_image
from blogsite.media.showing import facts, facts_in
from tests.media.test_variants import photograph

pytestmark = pytest.mark.django_db


def stored(size=(700, 500)) -> Image:
    return store_image(ContentFile(photograph(size), "pier.jpg"), by=None, alt="A pier")


def shown(image: Image, more: str = "") -> str:
    template = Template('{% load pictures %}{% picture image sizes="20rem" ' + more + " %}")
    return template.render(Context({"image": image}))


def test_without_copies_the_original_is_shown():
    html = shown(stored())
    assert html.startswith('<img src="/media/')
    assert "srcset" not in html
    assert 'width="700" height="500"' in html
    assert 'alt="" loading="lazy"' in html


def test_with_copies_the_browser_chooses_and_a_small_place_gets_no_large_ones():
    image = stored((1400, 1000))
    image.variants = {kind: [320, 640, 960, 1400] for kind in ("avif", "webp", "jpg")}
    html = shown(image)
    assert html.count("<source ") == 2
    assert f"/media/{image.folder}/1400.avif 1400w" in html
    small = shown(image, "most=600")
    assert f"/media/{image.folder}/640.avif 640w" in small
    assert "960" not in small
    assert 'sizes="20rem"' in small


def test_the_first_picture_is_fetched_before_others():
    html = shown(stored(), "first=True alt=image.alt")
    assert 'alt="A pier" fetchpriority="high"' in html
    assert "lazy" not in html


def test_what_was_typed_is_escaped():
    html = shown(stored(), "alt='\"><script>'")
    assert "<script" not in html


@pytest.mark.parametrize(
    ("focus", "names"), [((12, 100), {"fx1", "fy10"}), ((50, 0), {"fy0"}), ((54, 46), set())]
)
def test_focus_and_colour_are_classes(focus, names):
    image = Image(name=f"{'a' * 32}/a.jpg", width=9, height=9, colour="#ff0066")
    image.focal_x, image.focal_y = focus
    assert set(facts(image).classes.split()) == {"r3", "g0", "b1"} | names


def test_facts_of_all_pictures_of_a_text_are_one_question(django_assert_num_queries):
    first, second = stored(), stored((800, 500))
    text = f"![]({first.url}) <img src='/blog{second.url}'> /media/{'0' * 32}."
    with django_assert_num_queries(1):
        assert facts_in(text).keys() == {first.name, second.name}
    with django_assert_num_queries(0):
        assert facts_in("Words about /media/ and nothing else.") == {}
