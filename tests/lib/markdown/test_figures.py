import pytest

from blogsite.lib.markdown import render
from tests.lib.markdown.rendering import post, told

IMAGE = '<img src="a.jpg" alt="A gauge">'


def test_a_picture_with_a_title_alone_in_its_paragraph_is_a_figure():
    assert post('![A gauge](a.jpg "At the <steps>")') == (
        f"<figure>{IMAGE}<figcaption>At the &lt;steps&gt;</figcaption></figure>\n"
    )


def test_a_picture_without_a_title_stays_in_its_paragraph():
    assert post("![A gauge](a.jpg)") == f"<p>{IMAGE}</p>\n"
    title = '<img src="a.jpg" alt="A gauge" title="t">'
    assert post('Text ![A gauge](a.jpg "t")') == f"<p>Text {title}</p>\n"


@pytest.mark.parametrize("group", ["{wide}", "{.wide}", "{width=wide}", "{position=wide}"])
def test_a_picture_can_be_wide(group):
    assert post(f"![A gauge](a.jpg){group}") == f'<figure class="wide">{IMAGE}</figure>\n'


def test_a_picture_can_have_a_size_and_a_side():
    sized = '<img src="a.jpg" alt="A gauge" width="600" height="400">'
    html = post('![A gauge](a.jpg "t"){left width=600px height="400"}')
    assert html == f'<figure class="left">{sized}<figcaption>t</figcaption></figure>\n'


@pytest.mark.parametrize(
    "group", ["{}", "{width=0}", "{purple}", "{onclick=x}", "{width=1e9}", "{wide", "{a b}"]
)
def test_unknown_attributes_stay_text(group):
    assert post(f"![A gauge](a.jpg){group}") == f"<p>{IMAGE}{group}</p>\n"


def test_several_pictures_alone_are_a_gallery():
    html = post('![One](1.jpg)\n![Two](2.jpg "Both")')
    assert html.startswith('<figure class="gallery wide"><img src="1.jpg"')
    assert html.endswith("<figcaption>Both</figcaption></figure>\n")


def test_figures_leave_the_blocks_around_them_alone():
    html = post('a\n\n![b](c.jpg "d")\n\ne\n\n- ![f](g.jpg "h")')
    assert html.startswith("<p>a</p>\n<figure>")
    assert "</figure>\n<p>e</p>\n<ul>" in html


def test_addresses_and_words_of_pictures_are_found():
    rendered = render(
        '![A](1.jpg "Cap") <img src="2.jpg" alt="B">\n\n![C][r] ![A](1.jpg)\n\n[r]: 3.jpg'
    )
    assert set(rendered.images) == {"1.jpg", "2.jpg", "3.jpg"}
    assert rendered.text == "A\n\nC\nA"


def test_pictures_without_words_or_address_are_told():
    assert told("Text\n![](a.jpg)\n![b]()\n![c](data:image/png;base64,AAAA)") == [
        (2, "A picture without a description for those who cannot see it."),
        (3, "A picture without an address."),
        (4, "A picture inside the text itself is not shown: upload it."),
    ]
