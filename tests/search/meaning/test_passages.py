"""An article as passages: all of it, each where it says it is, and steady under a change."""

from hypothesis import given
from hypothesis import strategies as st

from portal.search.excerpts import one_line
from portal.search.meaning.passages import WINDOW_WORDS, passages_of
from tests.search.library import document

WORDS = st.lists(st.sampled_from(["ab", "cde", "fghi", "jklmn", "o"]), min_size=1, max_size=60)
LINES = st.lists(WORDS.map(" ".join), max_size=25)


def sections(count: int, lines: int = 6) -> list[str]:
    made = []
    for number in range(count):
        made.append(f"Section {number}")
        made += [f"s{number} l{line} {'word ' * 30}" for line in range(lines)]
    return made


def passages(lines: list[str], headings: str = "") -> list[tuple[str, int]]:
    found = passages_of(document(1, "Title", "\n".join(lines), headings=headings))
    return [(passage.text, passage.place) for passage in found]


@given(LINES)
def test_each_window_stands_where_it_says(lines: list[str]) -> None:
    text = one_line("\n".join(lines))
    for passage, place in passages(lines)[1:]:
        words = passage.removeprefix("Title\n").split()
        assert text[place:].split()[: len(words)] == words


@given(LINES)
def test_no_word_is_left_out(lines: list[str]) -> None:
    reached = 0
    for passage, place in passages(lines)[1:]:
        assert place <= reached
        reached = max(reached, place + len(passage.removeprefix("Title\n")) + 1)
    assert reached >= len(one_line("\n".join(lines)))


@given(LINES)
def test_a_window_is_never_longer_than_the_model_reads_well(lines: list[str]) -> None:
    for passage, _place in passages(lines)[1:]:
        assert len(passage.removeprefix("Title\n").split()) <= WINDOW_WORDS


def test_the_title_is_a_passage_of_its_own() -> None:
    assert passages([])[0] == ("Title", -1)


def test_a_section_begins_a_window() -> None:
    lines = sections(3)
    found = passages(lines, headings="Section 0\nSection 1\nSection 2")
    assert [text for text, _place in found if text.startswith("Title\nSection 1")]


def test_a_changed_paragraph_changes_only_the_passages_beside_it() -> None:
    lines = sections(12)
    before = {text for text, _place in passages(lines)}
    lines[40] = "something else entirely, and much longer than before " * 4
    after = {text for text, _place in passages(lines)}
    assert 1 <= len(after - before) <= 4
    assert len(after & before) >= 20


def test_a_huge_article_has_a_bounded_number_of_passages() -> None:
    assert len(passages(["word " * 200_000])) <= 250
