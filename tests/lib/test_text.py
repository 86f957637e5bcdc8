import pytest

from blogsite.lib.text import excerpt, reading_minutes, slugify, unfinished, word_count


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Forty lines for the tide", "forty-lines-for-the-tide"),
        ("  Crème brûlée & co!  ", "creme-brulee-co"),
        ("Don’t stop, don't", "dont-stop-dont"),
        ("snake_case and C++", "snake-case-and-c"),
        ("Łódź, Ørsted, Æsir, þing, ß", "lodz-orsted-aesir-thing-ss"),
        ("Привет, мир! Щука, объезд", "privet-mir-shchuka-obezd"),
        ("Ελλάδα", "ellada"),
        ("საქართველო", "sakartvelo"),
        ("Հայաստան", "hayastan"),
        ("안녕하세요 세계", "annyeonghaseyo-segye"),
        ("しゃしん ちょっと カタカナ", "shashin-choto-katakana"),
        ("漢字のテスト", "漢字のテスト"),
        ("İstanbul ılık", "istanbul-ilik"),
        ("½ Ⅷ ﬁne", "1-2-viii-fine"),
        ("e\u0301te\u0301", "ete"),
        ("🎉 a\0b", "ab"),
        ("?!…", ""),
    ],
)
def test_slugify_makes_readable_addresses(title, slug):
    assert slugify(title) == slug


def test_slugify_spells_umlauts_the_german_way_in_german():
    assert (slugify("Größe"), slugify("Größe", language="de-AT")) == ("grosse", "groesse")


def test_slugify_cuts_between_words():
    assert slugify("a very long title about the sea", longest=20) == "a-very-long-title"
    assert slugify("a" * 300, longest=20) == "a" * 20


@pytest.mark.parametrize("title", ["हिन्दी", "ไทย", "עברית", "العربية"])
def test_slugify_keeps_letters_without_a_latin_form_in_one_piece(title):
    slug = slugify(title)
    assert slug
    assert "-" not in slug


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— … !", 0),
        ("Hello, it's a state-of-the-art 3.14 world", 6),
        ("naïve e\u0301te\u0301 слово", 3),
        ("我喜欢读书。它很好", 4),
        ("iPhone 很好用", 3),
    ],
)
def test_word_count_knows_scripts_without_spaces(text, words):
    assert word_count(text) == words


def test_reading_minutes_depend_on_the_language_and_are_at_least_one():
    assert reading_minutes(0) == reading_minutes(100) == 1
    assert (reading_minutes(2200), reading_minutes(2200, "de")) == (10, 12)


def test_excerpt_leaves_short_text_alone():
    assert excerpt("Two lines\nof text.") == "Two lines of text."


def test_excerpt_prefers_whole_sentences():
    text = "The first sentence is long enough. The second one would not fit in there."
    assert excerpt(text, 50) == "The first sentence is long enough."


def test_excerpt_else_ends_between_words():
    assert excerpt("one two three four five six", 14) == "one two three…"


def test_excerpt_does_not_cut_a_character_in_two():
    family = "👩\u200d👩\u200d👧"
    assert excerpt(family * 3, 7) == family + "…"
    assert excerpt("e\u0301" * 20, 12).removesuffix("…").endswith("e\u0301")


def test_excerpt_never_passes_its_limit():
    for limit in range(5, 60):
        assert len(excerpt("Some words, and some. More of them! " * 5, limit)) <= limit


def test_unfinished_finds_marks_as_whole_words():
    assert unfinished("TODO: a TK, FIXME(b) TKTKTK!") == ["TODO", "TK", "FIXME", "TKTKTK"]
    assert unfinished("METODO TODOS tk T.K. TKX") == []
    assert unfinished("¡TODO! TODO: b", "es") == ["TODO"]
