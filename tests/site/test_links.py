import pytest
from django.core.exceptions import ValidationError
from django.urls import set_script_prefix

from blogsite.site import links


@pytest.fixture
def prefix():
    yield set_script_prefix
    set_script_prefix("/")


def check(text: str, begins=links.PLACES, most=8) -> list[str]:
    try:
        links.check(links.parse(text), begins=begins, most=most)
    except ValidationError as problem:
        return problem.messages
    return []


def test_line_is_a_name_and_then_an_address():
    assert links.parse("About us /about/\n\n  Tides   https://tides.example/ \n") == [
        {"label": "About us", "address": "/about/"},
        {"label": "Tides", "address": "https://tides.example/"},
    ]


def test_lines_come_back_as_they_were_written():
    text = "About us /about/\nGezeiten /gezeiten/"
    assert links.as_text(links.parse(text)) == text


@pytest.mark.parametrize("address", ["/", "/about/", "/über-uns/", "https://example.org/?a=b#c"])
def test_address_is_a_path_or_a_whole_address(address):
    assert check(f"Name {address}") == []


@pytest.mark.parametrize(
    "address",
    [
        "about/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:me@example.org",
        "https://",
        "/a\u202eb/",
        "/" + "a" * 300,
    ],
)
def test_address_of_another_kind_is_refused(address):
    assert "begins with one of /, https://, http://" in check(f"Name {address}")[0]


def test_people_may_be_written_to():
    assert check("Mail mailto:me@example.org", begins=links.PEOPLE) == []
    assert check("Here /about/", begins=links.PEOPLE) != []


def test_every_bad_line_is_named():
    assert check("/about/\nFine /fine/\nTides tides") == [
        "Line 1, “/about/”: write a name and then the address.",
        "Line 3, “Tides tides”: the address begins with one of /, https://, http://",
    ]


def test_name_is_short():
    assert "40 characters are enough" in check("n" * 41 + " /about/")[0]


def test_more_links_than_fit_are_counted():
    assert check("A /a/\n" * 9) == ["9 links are too many; 8 fit."]


@pytest.mark.parametrize("value", ["text", [1], [{"label": "A"}], [{"label": "A", "address": 1}]])
def test_anything_but_a_list_of_links_is_refused(value):
    with pytest.raises(ValidationError, match="not a list of links"):
        links.check(value, begins=links.PLACES, most=8)


def test_path_gets_the_prefix_of_the_site(prefix):
    prefix("/blog/")
    assert links.href("/about/") == "/blog/about/"
    assert links.href("https://example.org/") == "https://example.org/"
