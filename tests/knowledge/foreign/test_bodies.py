"""Signs of other tools become ours, line by line; code and plain words stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.knowledge.foreign.bodies import convert_body


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("> [!NOTE]\n> One.\n\nTwo.", "!!! note\n    One.\n\nTwo."),
        ("> [!CAUTION]\n> - One\n> - Two", "!!! caution\n    - One\n    - Two"),
        (":::warning Hot\nOne.\n:::\nTwo.", '!!! warning "Hot"\n    One.\n\nTwo.'),
        (":::unheard\nOne.\n:::", ":::unheard\nOne.\n:::"),
        ('???+ bug "Oh"\n    One.', '!!! danger "Oh"\n    One.'),
        ('<img src="a b.png" alt="A">', "![A](<a b.png>)"),
        ('<a href="x.md">X</a>', "[X](x.md)"),
        ("```\n> [!NOTE]\n:::tip\n```", "```\n> [!NOTE]\n:::tip\n```"),
        ("`<img src='a.png'>`", "`<img src='a.png'>`"),
        ("{: .class }\nOne.", "\nOne."),
        (':::image source="m/a.png" alt-text="A":::', "![A](<m/a.png>)"),
        ("a < b and {c}", "a < b and {c}"),
    ],
)
def test_a_sign_becomes_ours(theirs: str, ours: str) -> None:
    assert convert_body(theirs, 1).body == ours


def test_what_has_no_sign_here_is_noted_with_its_line() -> None:
    notes = convert_body("One.\n\n[!INCLUDE[x](y.md)]\n\n`{{< x >}}`\n\n<Card />", 10).notes
    assert [note.line for note in notes] == [12, 16]


@given(st.text(st.sampled_from('ab `~>!?:={}%<[]()"\n#-|'), max_size=200))
def test_no_line_is_lost_or_added(body: str) -> None:
    assert convert_body(body, 1).body.count("\n") == body.count("\n")
