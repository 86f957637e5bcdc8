"""Callouts, tasks, definitions, details and cards."""

import pytest

from tests.lib.markdown.rendering import post


@pytest.mark.parametrize(
    ("kind", "css", "title"),
    [
        ("NOTE", "callout", "Note"),
        ("tip", "callout tip", "Tip"),
        ("IMPORTANT", "callout important", "Important"),
        ("WARNING", "callout warning", "Warning"),
        ("CAUTION", "callout warning caution", "Caution"),
    ],
)
def test_callouts_carry_their_kind_in_words_and_class(kind, css, title):
    assert post(f"> [!{kind}]\n> Mind the *gap*.\n>\n> - one") == (
        f'<div class="{css}">\n<p>{title}</p>\n<p>Mind the <em>gap</em>.</p>\n'
        "<ul>\n<li>one</li>\n</ul>\n</div>\n"
    )


def test_other_quotes_stay_quotes():
    assert "<blockquote>" in post("> [!SPOILER]\n> x")
    assert "<blockquote>" in post("> [!NOTE] x")


def test_a_list_of_tasks():
    assert post("- [ ] open\n- [x] *done*") == (
        '<ul class="tasks">\n'
        '<li><input disabled="" id="task-1" type="checkbox">'
        '<label for="task-1">open</label></li>\n'
        '<li><input checked="" disabled="" id="task-2" type="checkbox">'
        '<label for="task-2"><em>done</em></label></li>\n</ul>\n'
    )


def test_tasks_in_a_mixed_or_numbered_list_have_their_box():
    assert post("- [ ] a\n- b").startswith("<ul>\n<li><input ")
    assert post("1. [x] a").startswith("<ol>\n<li><input checked")


def test_tasks_inside_tasks_count_on():
    html = post("- [ ] a\n  - [x] b\n- [ ] c")
    assert html.count('<ul class="tasks">') == 2
    assert [html.count(f'id="task-{number}"') for number in (1, 2, 3)] == [1, 1, 1]


def test_definition_lists():
    assert post("Springs\n: The big ones\n: Twice a month\n\nNeaps\n: The *small* ones") == (
        "<dl>\n<dt>Springs</dt>\n<dd>The big ones</dd>\n<dd>Twice a month</dd>\n"
        "<dt>Neaps</dt>\n<dd>The <em>small</em> ones</dd>\n</dl>\n"
    )


def test_details_hold_markdown():
    assert post("<details open><summary>More</summary>\n\n*Hidden*\n\n</details>\n\nAfter") == (
        '<details open=""><summary>More</summary>\n<p><em>Hidden</em></p>\n</details>\n'
        "<p>After</p>\n"
    )


@pytest.mark.parametrize(
    ("address", "title", "host"),
    [
        ("https://www.youtube.com/watch?v=abc", "Video on YouTube", "youtube.com"),
        ("https://youtu.be/abc?t=5", "Video on YouTube", "youtu.be"),
        ("https://vimeo.com/123", "Video on Vimeo", "vimeo.com"),
        ("https://a.example/w/p9Xy3mB2kQ7rT5vN8wZ1aC", "Video on PeerTube", "a.example"),
        ("https://a.example/@ines/113000000000000001", "Post by @ines@a.example", "a.example"),
        ("https://a.example/@ines@b.example/1130000", "Post by @ines@b.example", "a.example"),
        ("https://bsky.app/profile/a.example/post/3k", "Post by @a.example", "bsky.app"),
    ],
)
def test_a_bare_link_to_a_video_or_post_is_a_card_that_loads_nothing(address, title, host):
    assert post(f"a\n\n{address}\n\nb") == (
        f'<p>a</p>\n<a class="embed" href="{address}"><b>{title}</b>'
        f'<span class="from">{host}</span></a>\n<p>b</p>\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        "See https://youtu.be/abc",
        "[https://youtu.be/abc](https://youtu.be/abc)",
        "- https://youtu.be/abc",
        "https://youtu.be/",
        "https://youtu.be.a.example/abc",
        "https://a.example/youtu.be/abc",
        "https://a.example/about",
    ],
)
def test_other_links_are_no_cards(source):
    assert "embed" not in post(source)
