"""Pictures of our own: what is known of them stands in the markup, and nobody else can bring it."""

import re
from html.parser import HTMLParser

import pytest

from blogsite.lib.markdown import absolute, render
from blogsite.lib.pictures import Picture

FOLDER = "/media/0123456789abcdef0123456789abcdef"
PIER = f"{FOLDER}/pier.jpg"
MADE = (("avif", (320, 640)), ("webp", (320, 640)), ("jpg", (320, 640)))
KNOWN = {
    PIER: Picture(PIER, 1600, 1200, MADE, "jpg", "#3366cc", (20, 50)),
    "/media/new.png": Picture("/media/new.png", 400, 300),
}


def shown(source: str, **options) -> str:
    return render(source, pictures=KNOWN.get, **options).html


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    found: list = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append((tag, dict(attrs)))  # type: ignore[method-assign]
    parser.feed(html)
    return found


def test_browsers_choose_a_format_and_a_width():
    html = shown(f"![A pier]({PIER})")
    (_p, picture, avif, webp, image) = elements(html)
    assert picture == ("picture", {})
    assert avif[1]["type"] == "image/avif"
    assert avif[1]["srcset"] == f"{FOLDER}/320.avif 320w, {FOLDER}/640.avif 640w"
    assert avif[1]["sizes"] == webp[1]["sizes"] == image[1]["sizes"]
    assert (webp[0], webp[1]["type"]) == ("source", "image/webp")
    assert image[1]["src"] == f"{FOLDER}/640.jpg"
    assert image[1]["srcset"] == f"{FOLDER}/320.jpg 320w, {FOLDER}/640.jpg 640w"
    assert (image[1]["width"], image[1]["height"], image[1]["alt"]) == ("1600", "1200", "A pier")
    assert set(image[1]["class"].split()) == {"r1", "g1", "b2", "fx2"}
    assert image[1]["decoding"] == "async"


def test_until_there_are_copies_it_is_the_original():
    html = shown("![A sign](/media/new.png)")
    assert "<picture>" not in html
    assert "srcset" not in html
    assert 'src="/media/new.png"' in html
    assert 'width="400"' in html
    assert 'height="300"' in html


def test_only_the_first_picture_is_loaded_at_once():
    html = shown(f"![a](https://a.example/1.jpg)\n\n![b]({PIER})\n\n![c]({PIER})")
    assert [image.get("loading") for tag, image in elements(html) if tag == "img"] == [
        None,
        "lazy",
        "lazy",
    ]


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("{width=600}", ("600", "450")),
        ("{height=300}", ("400", "300")),
        ("{width=50 height=40}", ("50", "40")),
        ("{wide}", ("1600", "1200")),
    ],
)
def test_a_width_that_the_author_gave_counts(written, size):
    (image,) = (a for tag, a in elements(shown(f"![a]({PIER}){written}")) if tag == "img")
    assert (image["width"], image["height"]) == size
    if "width=600" in written:
        assert image["sizes"] == "(min-width: 600px) 600px, 80vw"


def test_a_gallery_asks_for_smaller_ones_but_for_its_first():
    html = shown(f"![a]({PIER})\n![b]({PIER})\n![c]({PIER})")
    sizes = [image["sizes"] for tag, image in elements(html) if tag == "img"]
    assert sizes[0] == sizes[1].replace("18rem, 27vw", "55rem, 80vw")
    assert sizes[1] == sizes[2]


def test_captions_and_links_hold_it_as_they_held_the_picture():
    html = shown(f'[![a]({PIER} "b")](/there/)\n\n![c]({PIER} "Said")')
    assert re.search(r'<a href="/there/"><picture>.*?</picture></a>', html)
    assert re.search(r"<figure><picture>.*?</picture><figcaption>Said", html)


def test_what_was_replaced_is_shown_as_it_is_now():
    new = Picture("/media/ff/new.png", 40, 30)
    html = render(f"![a]({PIER})", pictures={PIER: new}.get).html
    assert PIER not in html
    assert 'src="/media/ff/new.png"' in html
    assert render(f"![a]({PIER})", pictures={PIER: new}.get).images == (PIER,)


def test_words_of_the_author_cannot_break_out():
    html = shown(f'!["><script>x</script>]({PIER} "\' onload=\'x")')
    assert "<script" not in html
    (image,) = (a for tag, a in elements(html) if tag == "img")
    assert "onload" not in image
    assert image["alt"] == '"><script>x</script>'


@pytest.mark.parametrize(
    "written",
    [
        "<picture><source srcset='https://evil.example/1.avif 1w'><img src=/a.jpg></picture>",
        "<img src=/a.jpg srcset='https://evil.example/a.jpg 2x'>",
        f"<img src=/a.jpg srcset='{FOLDER}/320.jpg 320w' sizes=1px decoding=sync class=r1>",
        "<video><source src=/a.mp4 srcset='//evil.example/1.avif 1w' sizes=1px></video>",
    ],
)
def test_raw_html_brings_no_choices(written):
    for html in (shown(written), shown(f"Words {written} in a line.")):
        for word in ("<picture", "srcset", "sizes", "decoding", "class", "evil"):
            assert word not in html


@pytest.mark.parametrize(
    "srcset",
    [
        "https://evil.example/1.avif 1w",
        "//evil.example/1.avif 1w",
        "/\\evil.example/1.avif 1w",
        f"{FOLDER}/320.avif 320w, https://evil.example/1.avif 1w",
        "data:image/png;base64,x 1w",
    ],
)
def test_the_last_step_lets_nothing_through_but_paths_of_this_site(srcset):
    evil = Picture(srcset.rpartition("/")[0] + "/x.jpg", 1, 1, (("avif", (1,)),))
    evil_html = render("![a](/x.jpg)", pictures={"/x.jpg": _Lying(evil, srcset)}.get).html
    assert "srcset" not in evil_html


class _Lying(Picture):
    """As if the renderer had been talked into something."""

    def __init__(self, picture: Picture, srcset: str) -> None:
        super().__init__("/x.jpg", 1, 1, picture.variants)
        object.__setattr__(self, "lie", srcset)

    def srcset(self, kind: str, most: int) -> str:
        return self.lie  # type: ignore[attr-defined]


def test_elsewhere_every_address_is_a_full_one():
    html = absolute(shown(f"![A pier]({PIER})"), "https://blog.example/sub/post/")
    assert f"https://blog.example{FOLDER}/320.avif 320w, https://blog.example{FOLDER}/640" in html
    assert not re.search(r'[" ]/media', html)
    assert [tag for tag, _a in elements(html)] == ["p", "picture", "source", "source", "img"]
