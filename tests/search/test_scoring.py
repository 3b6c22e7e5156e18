"""The measure is what its description says, however it is computed."""

from hypothesis import given
from hypothesis import strategies as st

from portal.search.scoring import _near

_TEXTS = st.text("abc.\n", max_size=40)
_WORDS = st.text("abc.", min_size=1, max_size=2)


@given(_TEXTS, st.sampled_from("abc."), _WORDS)
def test_words_are_near_that_stand_side_by_side_or_one_apart(
    text: str, first: str, second: str
) -> None:
    afters = [place + 1 for place in range(len(text)) if text[place] == first]
    near = [
        one
        for one in afters
        if second in {text[one : one + len(second)], text[one + 1 : one + 1 + len(second)]}
    ]
    assert len(_near(first, second).findall(text)) == len(near)
