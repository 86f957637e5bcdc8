from blogsite.lib.markdown import render
from tests.lib.markdown.rendering import post, told

CALL = '<sup><a href="#fn-{0}" id="ref-{0}">{0}</a></sup>'
BACK = '<a class="n" href="#ref-{0}" aria-label="Note {0}, back to the text">{0}</a>'


def test_a_note_follows_the_paragraph_that_calls_it():
    assert post("One.[^a]\n\nTwo.\n\n[^a]: The *note*.") == (
        f"<p>One.{CALL.format(1)}</p>\n"
        f'<ol class="notes">\n<li id="fn-1">{BACK.format(1)}The <em>note</em>.</li>\n</ol>\n'
        "<p>Two.</p>\n"
    )


def test_numbers_follow_the_calls_and_lists_go_on_counting():
    html = post("A[^x].\n\nB[^y].\n\n[^y]: second\n\n[^x]: first")
    assert html.index("first") < html.index("B") < html.index('<ol class="notes" start="2">')
    assert f'<li id="fn-2">{BACK.format(2)}second</li>' in html


def test_a_call_inside_a_block_puts_the_note_after_the_whole_block():
    for source in ("- a\n- b[^n]\n- c", "> q[^n]\n>\n> r", "|a|\n|-|\n|b[^n]|"):
        html = post(f"{source}\n\nend\n\n[^n]: note")
        before, after = html.split('<ol class="notes">')
        assert before.rstrip().endswith(("</ul>", "</blockquote>", "</div>"))
        assert after.endswith("<p>end</p>\n")


def test_a_note_of_several_blocks_keeps_them():
    html = post("a[^n]\n\n[^n]: One.\n\n    Two.\n\n    - three")
    note = html.split("<li id=")[1]
    assert f"<p>{BACK.format(1)}One.</p>" in note
    assert "<p>Two.</p>" in note
    assert "<li>three</li>" in note


def test_a_note_that_begins_with_something_else_has_its_number_first():
    html = post("a[^n]\n\n[^n]:\n    > q")
    assert f'<li id="fn-1">\n{BACK.format(1)}<blockquote>\n<p>q</p>' in html


def test_a_second_call_leads_to_the_same_note_which_leads_back_to_both():
    html = post("a[^n] b[^n]\n\n[^n]: note")
    assert 'id="ref-1-2">1</a>' in html
    assert html.count('<li id="fn-1">') == 1
    assert '<a class="n" href="#ref-1-2" aria-label="Note 1, back to call 2">↩2</a></li>' in html


def test_notes_may_be_written_in_place_and_inside_each_other():
    html = post("a^[one ^[two] <b class=x>b</b> www.a.example]")
    assert html.count('<ol class="notes">') == 1
    assert f"{BACK.format(2)}two</li>" in html
    assert '<b>b</b> <a href="http://www.a.example">' in html


def test_notes_that_call_each_other_come_to_an_end():
    html = post("a[^x]\n\n[^x]: x[^y]\n\n[^y]: y[^x][^y]")
    assert html.count('<li id="fn-1">') == html.count('<li id="fn-2">') == 1


def test_long_notes_close_together_share_a_list():
    """Else they would be set over each other in the margin."""
    long = "A note that goes on for quite a while. " * 8
    source = f"One.[^a]\n\nTwo.[^b]\n\n{{}}Three.[^c]\n\n[^a]: {long}\n\n[^b]: b\n\n[^c]: c"
    html = post(source.format("A long paragraph with many words. " * 40 + "\n\n"))
    assert html.count('class="notes"') == 2
    assert html.index("Two.") < html.index('<ol class="notes">') < html.index("A long paragraph")
    assert '<ol class="notes" start="3">' in html
    assert post(source.format("")).count('class="notes"') == 1


def test_notes_are_part_of_the_words_but_not_of_the_opening():
    rendered = render("Opening.[^n]\n\n[^n]: aside")
    assert "aside" in rendered.text
    assert rendered.opening == "Opening."


def test_notes_nobody_calls_and_calls_without_a_note_are_told():
    assert told("a[^x]\n\n[^y]: never\n\nb[^z]\n\n[^z]: z") == [
        (1, "There is no note called “x”."),
        (3, "No place in the text calls this note."),
    ]


def test_the_first_of_two_notes_with_one_name_is_shown_and_the_other_told():
    source = "a[^n]\n\n[^n]: first\n\n[^n]: second"
    assert "first" in post(source)
    assert told(source) == [(5, "There is another note called “n”; only the first is shown.")]
