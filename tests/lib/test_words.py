"""How a search compares words."""

from blogsite.lib.words import WORD, all_forms, forms


def test_a_word_is_known_by_itself_and_by_its_stem():
    assert forms("Gauges", "en") == ("gauges", "gaug")
    assert forms("Häuser", "de") == ("hauser", "haus")
    assert forms("STRASSE", "de") == forms("Straße", "de-AT")
    assert forms("tide", "en") == ("tide",)
    assert forms("tides", "tlh") == ("tides",)  # nobody knows how to stem Klingon
    assert forms("́", "en") == ()
    assert len(forms("x" * 1000, "en")[0]) == 60


def test_accents_and_widths_do_not_count():
    assert forms("Café", "en")[0] == forms("cafe\u0301", "en")[0] == forms("ＣＡＦＥ", "en")[0]


def test_scripts_without_spaces_are_words_by_character():
    assert WORD.findall("Tokyo東京2026") == ["Tokyo", "東", "京", "2026"]
    assert WORD.findall("हिन्दी_में") == ["हिन्दी", "में"]


def test_each_word_is_followed_by_its_stem():
    assert all_forms("Don't: floats & rafts!", "en") == "don t floats float rafts raft"
