from blogsite.lib.markdown import Heading, render
from tests.lib.markdown.rendering import post, told


def test_ids_come_from_the_words():
    assert post("## Five *clocks* & `more`") == (
        '<h2 id="five-clocks-more">Five <em>clocks</em> &amp; <code>more</code></h2>\n'
    )


def test_ids_can_be_given():
    assert post("## Five clocks {#clocks}") == '<h2 id="clocks">Five clocks</h2>\n'


def test_the_same_words_get_different_ids():
    html = post("## A\n## A\n## A 2\n## A")
    assert [part.split('"')[0] for part in html.split('id="')[1:]] == ["a", "a-2", "a-2-2", "a-3"]


def test_ids_keep_clear_of_those_the_page_uses():
    html = post("## Comments\n## fn 1\n## ?\n## c12")
    ids = [part.split('"')[0] for part in html.split('id="')[1:]]
    assert ids == ["section-comments", "section-fn-1", "section", "section-c12"]


def test_headings_move_down_only_where_a_text_uses_the_highest():
    assert [h.level for h in render("# A\n## B\n### C").toc] == [2, 3]
    assert [h.level for h in render("## A\n### B").toc] == [2, 3]
    assert '<h6 id="a">' in post("# x\n\n###### A")


def test_contents_hold_titles_as_text():
    toc = render('## *One* "two"\n\n> ## Not in quotes\n\n### Three').toc
    assert toc == (Heading(2, "one-two", "One “two”"), Heading(3, "three", "Three"))


def test_contents_appear_where_they_are_asked_for_once():
    html = post("[TOC]\n\n## A <b>b</b>\n\n### C\n\n[TOC]\n\n## D")
    assert html.startswith(
        '<nav class="toc" aria-label="Contents"><ol><li><a href="#a-b">A b</a>'
        '<ol><li><a href="#c">C</a></li></ol></li><li><a href="#d">D</a></li></ol></nav>\n'
    )
    assert html.count("<nav") == 1


def test_contents_without_headings_stay_as_written():
    assert post("[TOC]") == "<p>[TOC]</p>\n"


def test_skipped_levels_and_empty_headings_are_told():
    assert told("## A\n\n#### B\n\n##\n") == [
        (3, "This heading skips a level: after level 2 comes 4."),
        (5, "A heading without words."),
    ]
