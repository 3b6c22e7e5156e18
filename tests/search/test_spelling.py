"""Typing errors are found in a list of the library's words exactly as a whole dictionary of
everything that can be mistyped would find them.
"""

from hypothesis import example, given
from hypothesis import strategies as st
from symspellpy import SymSpell, Verbosity

from portal.search.spelling import Vocabulary

WORDS = st.text(alphabet="abcdeé", min_size=4, max_size=10)


@given(vocabulary=st.sets(WORDS, max_size=40), word=WORDS, errors=st.sampled_from([1, 2]))
@example(vocabulary={"beda", "ebda"}, word="bead", errors=2)
@example(vocabulary={"abcde"}, word="bacde", errors=1)
@example(vocabulary={"abcd"}, word="bcda", errors=2)
def test_the_words_one_and_two_errors_away_are_found_and_no_others(
    vocabulary: set[str], word: str, errors: int
) -> None:
    everything = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
    small = Vocabulary()
    for one in vocabulary:
        everything.create_dictionary_entry(one, 1)
        small.add(one)
    expected = {
        (found.term, found.distance)
        for found in everything.lookup(word, Verbosity.ALL, max_edit_distance=errors)
        if found.distance < 2 or found.term[0] == word[0]
    }
    others = small.with_other_beginnings(word) & vocabulary
    assert {*small.near(word, errors=errors), *((one, 1) for one in others)} == expected
