"""What is taken as a telephone number."""

import pytest

from portal.people.telephone import is_telephone


@pytest.mark.parametrize(
    "number",
    [
        "+49 30 5550100",
        "(415) 555-0100",
        "0 30 / 555.01.00-12",
        "+1 415 555 0100 ext. 12",
        "415-555-0100 x12",
        "030 5550100 Durchwahl 7",
        "(866) 489-8722, option 2",
        "+44\u00a020\u00a05550100",
        "030\u20115550100",
        "\u0660\u0661\u0662\u0663\u0664\u0665",
    ],
)
def test_a_number_is_taken_however_people_write_it(number: str) -> None:
    assert is_telephone(number)


@pytest.mark.parametrize(
    "text", ["", "1234", "+++", "ext. 12345", "Ada", "ada@x.example", "555 0100 or 555 0101"]
)
def test_what_nobody_can_call_is_none(text: str) -> None:
    assert not is_telephone(text)
