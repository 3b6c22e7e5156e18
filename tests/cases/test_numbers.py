import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.cases.numbers import (
    ALPHABET,
    UnreadableNumberError,
    check_character,
    new_number,
    new_references,
    read_reference,
    write_number,
    write_receipt,
)

symbols = st.text(ALPHABET, min_size=6, max_size=6).map(lambda s: s + check_character(s))
receipts = st.text(ALPHABET, min_size=8, max_size=8).map(lambda s: s + check_character(s))


@given(symbols, st.integers(0, 6), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(number: str, place: int, other: str) -> None:
    wrong = number[:place] + other + number[place + 1 :]
    if wrong != number:
        with pytest.raises(UnreadableNumberError):
            read_reference(wrong)


@given(symbols, st.integers(0, 6), st.integers(0, 6))
def test_any_two_characters_that_changed_places_are_found(number: str, one: int, two: int) -> None:
    swapped = list(number)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    if "".join(swapped) != number:
        with pytest.raises(UnreadableNumberError):
            read_reference("".join(swapped))


@given(symbols, st.sampled_from(["{}", " {} ", "case {}", "#{}", "Case number {}", "{}."]))
def test_a_number_is_read_however_it_was_typed(number: str, frame: str) -> None:
    written = write_number(number)
    for typed in (written, written.lower(), written.replace("-", " "), " ".join(number)):
        assert read_reference(frame.format(typed)) == written


@given(receipts)
def test_a_receipt_reads_back_and_is_never_a_case_number(receipt: str) -> None:
    written = write_receipt(receipt)
    assert read_reference(written.lower().replace("-", "")) == written
    assert written.startswith("R-")
    assert len(written) != len("7KQ-4MPX")


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        read = read_reference(text)
    except UnreadableNumberError as error:
        said = str(error)
        read = None
    if read is None:
        assert said.endswith(".")
        assert len(said) > 40
    else:
        assert read_reference(read) == read


@pytest.mark.parametrize("typed", ["7KO-4MPX", "7K0-4MPX", "7K1-4MPX", "7KI-4MPX", "7KL-4MPX"])
def test_a_confusable_character_is_named(typed: str) -> None:
    with pytest.raises(UnreadableNumberError, match=r"never a [01OIL] in our numbers"):
        read_reference(typed)


def test_D3_new_numbers_are_unique_and_speakable(db: Session) -> None:
    numbers = {new_number(db) for _ in range(300)}
    assert len(numbers) == 300
    assert all(set(n.replace("-", "")) <= set(ALPHABET) and len(n) == 8 for n in numbers)
    assert len({name for _ in range(300) for name in new_references(db)}) == 600
