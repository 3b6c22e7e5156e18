"""What people type becomes words within limits; one edit is one edit."""

from hypothesis import given
from hypothesis import strategies as st

from portal.search.words import (
    MAX_CHARACTERS,
    MAX_WORD_LENGTH,
    MAX_WORDS,
    is_within_one_edit,
    query_words,
    words_of,
)

WORDS = st.text("abcd", min_size=1, max_size=8)


@given(st.text(max_size=2_000))
def test_no_text_breaks_the_limits(text: str) -> None:
    words = query_words(text)
    assert len(words) <= MAX_WORDS
    assert all(0 < len(word) <= MAX_WORD_LENGTH and word == word.casefold() for word in words)
    assert sum(map(len, words)) <= 4 * MAX_CHARACTERS


def test_signs_only_separate() -> None:
    assert words_of('title:"log in" AND -hidden~2 (status:*)') == [
        "title", "log", "in", "and", "hidden", "2", "status",
    ]  # fmt: skip


def test_apostrophes_accents_and_widths_fold() -> None:
    assert words_of("Don’t use Zürich's ｗｉｄｅ café") == ["dont", "use", "zurich", "wide", "cafe"]


@given(WORDS, st.integers(0, 8), st.sampled_from("abcde"))
def test_one_edit_of_any_kind_is_within_one(word: str, place: int, letter: str) -> None:
    place = min(place, len(word))
    assert is_within_one_edit(word, word[:place] + letter + word[place:])
    assert is_within_one_edit(word[:place] + word[place + 1 :], word)
    assert is_within_one_edit(word, word[:place] + letter + word[place + 1 :])
    swapped = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    assert is_within_one_edit(word, swapped)


@given(WORDS, WORDS)
def test_within_one_edit_agrees_with_the_definition(one: str, other: str) -> None:
    assert is_within_one_edit(one, other) == (_distance(one, other) <= 1)
    assert is_within_one_edit(one, other) == is_within_one_edit(other, one)


def _distance(one: str, other: str) -> int:
    """Optimal string alignment, by the book."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                rows[i][j] = i + j
                continue
            cost = one[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]
