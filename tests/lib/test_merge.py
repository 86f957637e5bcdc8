"""Three-way merging: nothing that anybody wrote gets lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogsite.lib.merge import merge, merged

texts = st.lists(
    st.sampled_from(["One here. ", "Two there. ", "A line\n", "\n\n", "Three! ", "é…"]),
    max_size=14,
).map("".join)


@given(texts, texts, texts)
def test_the_passages_hold_both_texts_whole(base, mine, theirs):
    passages = merge(base, mine, theirs)
    assert "".join(one.mine for one in passages) == mine
    assert "".join(one.theirs for one in passages) == theirs
    everything = range(len(passages))
    assert merged(passages, dict.fromkeys(everything, "mine")) == mine
    assert merged(passages, dict.fromkeys(everything, "theirs")) == theirs


@given(texts, texts)
def test_what_only_one_changed_merges_by_itself(base, changed):
    assert merged(merge(base, changed, base), {}) == changed
    assert merged(merge(base, base, changed), {}) == changed
    assert merged(merge(base, changed, changed), {}) == changed


def test_changes_in_different_places_come_together():
    base = "The boat leaves at five. Nobody runs.\n\nThe sign is old. It says so."
    mine = base.replace("five", "six")
    theirs = base.replace("It says so.", "It says nothing.")
    passages = merge(base, mine, theirs)
    assert not any(one.is_conflict for one in passages)
    assert merged(passages, {}) == mine.replace("It says so.", "It says nothing.")


def test_the_same_sentence_changed_twice_is_for_people_to_choose():
    base = "It leaves at five. Good."
    passages = merge(base, "It leaves at six. Good.", "It leaves at seven. Good.")
    (number,) = [n for n, one in enumerate(passages) if one.is_conflict]
    assert merged(passages, {}) == "It leaves at six. Good."
    assert merged(passages, {number: "theirs"}) == "It leaves at seven. Good."
    assert merged(passages, {number: "both"}) == "It leaves at six. It leaves at seven. Good."


@pytest.mark.parametrize("size", [2_000, 4_000])
def test_long_texts_that_have_little_in_common_still_merge(size):
    base = " ".join(f"Sentence {n} is here." for n in range(size))
    mine = " ".join(f"Sentence {n * 7 % size} is mine." for n in range(size))
    theirs = " ".join(f"Sentence {n * 11 % size} is theirs." for n in range(size))
    passages = merge(base, mine, theirs)
    assert "".join(one.mine for one in passages) == mine
