"""What writers write comes out whole."""

import pytest

from portal.knowledge.rendering import Picture, render
from tests.knowledge.innocent import INNOCENT
from tests.knowledge.judging import faults

PICTURES = {
    "images/form.png": Picture("/files/" + "a" * 64 + "/form.png", 640, 360),
    "../wide.png": Picture("/files/" + "b" * 64 + "/wide.png", 1600, 900),
}


@pytest.mark.parametrize("name", INNOCENT)
def test_an_innocent_body_comes_out_whole(name: str) -> None:
    body, expected = INNOCENT[name]
    html = render(body, pictures=PICTURES).html
    for fragment in expected:
        assert fragment in html, html
    assert faults(html) == []


def test_there_are_forty_of_them() -> None:
    assert len(INNOCENT) >= 40


def test_contents_and_text_come_as_data() -> None:
    rendered = render(
        "# Top\n\nOne `two`.\n\n## A & B\n\n- x\n- y\n\n### Deep\n\n![Alt](images/form.png)"
    )
    assert [(h["id"], h["title"], h["level"]) for h in rendered.contents] == [
        ("section-top", "Top", 2),
        ("section-a-b", "A & B", 2),
        ("section-deep", "Deep", 3),
    ]
    assert rendered.text.split("\n") == ["Top", "One two.", "A & B", "x", "y", "Deep", "Alt"]
    assert rendered.missing == ["images/form.png"]


def test_links_to_articles_are_told_so_that_dead_ones_can_be_found() -> None:
    rendered = render("[a](b.md) [c](../d/e.md#f) [g](h) [i](#j) [k](https://l.example/m.md)")
    assert rendered.links == ["b", "e", "h"]


def test_the_same_text_always_gives_the_same_html() -> None:
    body = "\n\n".join(body for body, _ in INNOCENT.values())
    assert render(body, pictures=PICTURES) == render(body, pictures=PICTURES)
