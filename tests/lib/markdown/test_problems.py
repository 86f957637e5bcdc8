"""What is reported to the writer, of which kind and in which line."""

from __future__ import annotations

import pytest

from blogsite.lib.markdown import render


def problems(source: str, kind: str, language: str = "en") -> list[tuple[int, str]]:
    found = render(source, language=language).problems
    return [(problem.line, problem.message) for problem in found if problem.kind == kind]


def lines(source: str, kind: str, language: str = "en") -> list[int]:
    return [line for line, _message in problems(source, kind, language)]


def test_marks_are_found_with_their_lines():
    source = "One TODO\nand TKTK here\n\n## FIXME later\n\n- a\n- TK.\n\n![TODO](/a.jpg)\n"
    assert problems(source, "todo") == [
        (1, "“TODO” is still in the text."),
        (2, "“TKTK” is still in the text."),
        (4, "“FIXME” is still in the text."),
        (7, "“TK” is still in the text."),
        (9, "“TODO” is still in the text."),
    ]


def test_marks_in_html_notes_and_captions_are_found():
    source = '<div>\n<b>TODO</b>\n</div>\n\na[^1]\n\n![x](/a.jpg "TODO")\n\n[^1]: TK\n'
    assert lines(source, "todo") == [2, 7, 9]


@pytest.mark.parametrize(
    "source",
    [
        "`TODO`", "```\nTODO\n```", "    TODO in code", "TODOS and todo and Tk", "catkin ATKIN",
        "<!-- TODO -->", "[a](/TODO)", "TK\n\n*[TK]: Technical kit",
    ],
)  # fmt: skip
def test_marks_in_code_and_inside_words_are_none(source):
    assert lines(source, "todo") == []


def test_todo_is_a_word_where_people_shout_it():
    assert lines("Lo quiero TODO\n\nTODO: foto", "todo", "es-MX") == [3]
    assert lines("Lo quiero TODO\n\nTK", "todo", "pt") == [3]


def test_pictures_without_description_are_of_their_own_kind():
    source = '![](/a.jpg)\n\n<img src="/b.jpg">\n\n<img src="/c.jpg" alt="">\n\n![c](/d.jpg)\n'
    assert lines(source, "alt") == [1, 3]


def test_headings_out_of_order_and_empty_ones_are_told():
    assert lines("## A\n\n#### B\n\n##\n", "headings") == [3, 5]


def test_links_that_lead_nowhere_are_told():
    source = "[a](#nowhere)\n[b]()\n[](/c/)\n[d][e]\n![](data:image/png;base64,aaaa)\n"
    assert lines(source, "links") == [1, 2, 3, 4, 5]


def test_many_problems_of_one_kind_hide_no_other():
    assert lines("![](/a.jpg)\n" * 300 + "\nTODO\n", "todo") == [302]
