from blogsite.lib.markdown import render
from tests.lib.markdown.rendering import post

TABLE = "| a | b | c |\n|---|--:|:-:|\n| *1* | 2 \\| 3 | |\n| 4 |"


def test_tables_scroll_by_themselves_and_align_by_class():
    assert post(TABLE) == (
        '<div class="scroll" role="region" aria-label="Table 1" tabindex="0">\n<table>\n<thead>\n'
        '<tr>\n<th scope="col">a</th>\n<th scope="col" class="r">b</th>\n'
        '<th scope="col" class="c">c</th>\n</tr>\n</thead>\n<tbody>\n'
        '<tr>\n<td><em>1</em></td>\n<td class="r">2 | 3</td>\n<td class="c"></td>\n</tr>\n'
        '<tr>\n<td>4</td>\n<td class="r"></td>\n<td class="c"></td>\n</tr>\n'
        "</tbody>\n</table>\n</div>\n"
    )


def test_a_paragraph_after_a_table_can_be_its_caption():
    for mark in ("Table: ", ": "):
        html = post(f"{TABLE}\n\n{mark}The *five* parts\n\nText")
        assert 'aria-label="The five parts"' in html
        assert "<table>\n<caption>The <em>five</em> parts</caption>" in html
        assert html.endswith("</div>\n<p>Text</p>\n")


def test_a_table_can_be_wide():
    assert '<div class="scroll wide"' in post(f"{TABLE}\n\nTable: Parts {{wide}}")
    assert "Parts {wider}" in post(f"{TABLE}\n\nTable: Parts {{wider}}")


def test_tables_inside_quotes_and_next_to_each_other_stay_apart():
    html = post("> |a|\n> |-|\n> |b|\n\n|c|\n|-|\n\n|d|\n|-|\n\nTable: D")
    assert html.count('<div class="scroll"') == 3
    twice = post("|a|\n|-|\n\nTable: A\n\n|b|\n|-|\n\nTable: A")
    assert 'aria-label="A"' in twice
    assert 'aria-label="A (2)"' in twice
    assert html.index('"Table 1"') < html.index('"Table 2"') < html.index('"D"')


def test_words_of_tables_are_text_but_no_opening():
    rendered = render(f"Before.\n\n{TABLE}\n\nAfter.")
    assert "2 | 3" in rendered.text
    assert rendered.opening == "Before.\n\nAfter."
