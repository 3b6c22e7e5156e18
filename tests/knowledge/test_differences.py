"""Comparing and merging texts: nothing is invented, nothing is lost, and it takes no time."""

from hypothesis import example, given
from hypothesis import strategies as st

from portal.knowledge.differences import compare, differences
from portal.knowledge.matching import matching_blocks
from portal.knowledge.merging import has_marks, merge, merge_lines
from portal.knowledge.words import Words

texts = st.lists(
    st.lists(st.sampled_from(["red", "green", "blue", ".", "grey"]), max_size=6).map(" ".join),
    max_size=8,
).map("\n".join)


@given(one=st.lists(st.sampled_from("abcdef")), other=st.lists(st.sampled_from("abcdef")))
def test_blocks_are_common_and_in_order(one: list[str], other: list[str]) -> None:
    a = b = 0
    for block in matching_blocks(one, other):
        assert block.a >= a
        assert block.b >= b
        assert block.size
        assert one[block.a : block.a + block.size] == other[block.b : block.b + block.size]
        a, b = block.a + block.size, block.b + block.size
    if one == other:
        assert sum(block.size for block in matching_blocks(one, other)) == len(one)


@given(before=texts, after=texts)
def test_both_texts_can_be_read_back_from_what_changed(before: str, after: str) -> None:
    passages = compare(before, after)
    assert bool(passages) == (before != after)
    if passages and not any(passage.left_out for passage in passages):
        for said, side in ((before, "before"), (after, "after")):
            shown = "".join(p.text for one in passages for p in getattr(one, side))
            assert shown.replace("\n", "") == said.replace("\n", "")


def test_A21_a_changed_word_is_all_that_is_marked() -> None:
    before, after = (
        Words("How?", f"One.\n\nPress the {word} button for five seconds.\n\nTwo.\n")
        for word in ("green", "red")
    )
    [changed] = [one for one in differences(before, after) if one.is_changed]
    assert [(p.sign, p.text) for p in changed.pieces] == [
        (" ", "Press the "),
        ("-", "green"),
        ("+", "red"),
        (" ", " button for five seconds."),
    ]


def test_long_stretches_that_stayed_are_left_out() -> None:
    lines = [f"Line {n}" for n in range(100)]
    passages = compare("\n".join(lines), "\n".join([*lines[:50], "New", *lines[50:]]))
    assert [one.left_out for one in passages if one.left_out] == [48, 48]


def test_equal_texts_have_no_difference() -> None:
    assert compare("a\nb", "a\nb") == []


@given(base=texts, mine=texts)
@example(base="", mine="a")
def test_who_changed_nothing_takes_over_what_the_other_wrote(base: str, mine: str) -> None:
    assert merge(base, mine, base).text == mine
    assert merge(base, base, mine).text == mine
    assert merge(base, mine, mine).text == mine


@given(base=texts, mine=texts, theirs=texts)
def test_a_merge_loses_no_line_that_either_wrote(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    assert bool(merged.conflicts) == has_marks(merged.text)
    if merged.conflicts:
        return
    words = merged.text.split()
    for new in (set(mine.split()) | set(theirs.split())) - set(base.split()):
        assert new in words


def test_different_words_of_one_line_are_merged() -> None:
    base = "Press the green button for five seconds.\n"
    mine = "Press the red button for five seconds.\n"
    theirs = "Press the green button for ten seconds.\n"
    assert merge(base, mine, theirs).text == "Press the red button for ten seconds.\n"


def test_the_same_word_changed_twice_is_shown_with_both_sides() -> None:
    merged = merge("A green one.\n", "A red one.\n", "A blue one.\n", their_name="Mai")
    assert merged.text == ("<<<<<<< Yours\nA red one.\n=======\nA blue one.\n>>>>>>> Mai\n")
    assert [(c.mine, c.theirs) for c in merged.conflicts] == [("A red one.\n", "A blue one.\n")]
    assert has_marks(merged.text)
    assert not has_marks("Title\n=======\n\n> quoted\n")


def test_lists_take_over_what_was_added_and_what_was_taken_away() -> None:
    assert merge_lines("a\nb\nc", "a\nc\nmine", "a\nb\nc\ntheirs") == "a\nc\nmine\ntheirs"
