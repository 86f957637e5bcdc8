import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blogsite.lib.diff import Difference, Part, as_html, compare


def marked(old: str, new: str) -> str:
    """`[-went-]` and `{+came+}`, the rest as it is."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[part.kind].format(part.text) for part in compare(old, new).parts)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("a b", "a b", "a b"),
        ("", "a", "{+a+}"),
        ("a", "", "[-a-]"),
        ("The sea is blue.", "The sea is grey.", "The sea is [-blue-]{+grey+}."),
        ("one two", "one, two", "one{+,+} two"),
        ("one three", "one two three", "one {+two +}three"),
        ("a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"),
        ("a\n", "a\nb", "a\n{+b+}"),
        ("x one two y", "x three four y", "x [-one two-]{+three four+} y"),
        ("don’t stop", "don’t go", "don’t [-stop-]{+go+}"),
        ("我喜欢读书", "我不喜欢书", "我{+不+}喜欢[-读-]书"),
        ("A first line.\nB second.", "A first line.\nQuite another thing here.",
         "A first line.\n[-B second.-]{+Quite another thing here.+}"),
    ],
)  # fmt: skip
def test_differences_are_marked_by_word(old, new, expected):
    assert marked(old, new) == expected


def test_words_are_counted():
    difference = compare("one two three four", "one 2 three four five six")
    assert (difference.words_added, difference.words_removed) == (3, 1)


texts = st.lists(
    st.sampled_from(
        ["a", "b", "word", " ", " ", "\n", "\n\n", ".", "漢", "\r\n", "\u2028", "e\u0301"]
    ),
    max_size=60,
).map("".join)


@given(st.one_of(texts, st.text(max_size=80)), st.one_of(texts, st.text(max_size=80)))
@settings(max_examples=400, deadline=None)
def test_both_texts_are_whole_in_the_parts(old, new):
    parts = compare(old, new).parts
    assert "".join(part.text for part in parts if part.kind != "added") == old
    assert "".join(part.text for part in parts if part.kind != "removed") == new


@given(st.lists(texts, min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_text_comes_back_through_any_number_of_versions(versions):
    text = versions[0]
    for new in versions[1:]:
        difference = compare(text, new)
        text = "".join(part.text for part in difference.parts if part.kind != "removed")
    assert text == versions[-1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n" * 50_000, "a\n" * 49_999 + "b\n"),
        ("a " * 50_000, "b " * 50_000),
        ("a b " * 25_000, "b a " * 25_000),
        ("".join(f"{n}\n" for n in range(15_000)), "".join(f"{n}\n" for n in range(15_000, 0, -1))),
        (" ".join(map(str, range(15_000))), " ".join(map(str, range(0, 30_000, 2)))),
        ("a" * 100_000, "b" * 100_000),
        ("\n" * 100_000, "\n" * 50_000),
        (". " * 50_000, "! " * 50_000),
    ],
)
def test_long_and_hostile_texts_are_compared_whole(old, new):
    parts = compare(old, new).parts
    assert "".join(part.text for part in parts if part.kind != "removed") == new


def test_a_text_that_is_nested_deeper_than_python_is_compared_whole():
    """Each line in common lets the next one be the only one of its kind."""
    old, new = (
        "".join(f"{sign}{n}\nx{n + 1}\n{sign}{n}b\nx{n}\n" for n in range(1, 900)) for sign in "pq"
    )
    parts = compare(old, new).parts
    assert "".join(part.text for part in parts if part.kind != "removed") == new


def test_a_few_changes_in_a_long_text_stay_few():
    words = [f"word{n}" for n in range(20_000)]
    changed = words[:]
    for place in range(0, 20_000, 1_000):
        changed[place] = "other"
    lines = [" ".join(words[n : n + 50]) for n in range(0, 20_000, 50)]
    other = [" ".join(changed[n : n + 50]) for n in range(0, 20_000, 50)]
    difference = compare("\n".join(lines), "\n".join(other))
    assert (difference.words_added, difference.words_removed) == (20, 20)


def test_html_announces_changes_in_words_and_escapes_the_text():
    parts = (Part("same", "<a> "), Part("removed", "b"), Part("added", "<c>"))
    difference = Difference(parts, words_added=1, words_removed=1)
    assert as_html(difference) == (
        '&lt;a&gt; <del><span class="visually-hidden">Removed: </span>b</del>'
        '<ins><span class="visually-hidden">Added: </span>&lt;c&gt;</ins>'
    )
