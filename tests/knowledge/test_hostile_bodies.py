"""Whatever a body holds, what is served holds only what an article may contain."""

import time

import pytest

from portal.confined import WALL_SECONDS
from portal.knowledge.rendering import Picture, RenderingRefusedError, render
from tests.knowledge.hostile.bodies import (
    ADDRESSES,
    ATTRIBUTE_LISTS,
    ELEMENTS,
    LINKS,
    PLACES,
    filled,
)
from tests.knowledge.judging import faults

PICTURES = {"a.png": Picture("/files/" + "0" * 64 + "/a.png", 20, 10)}


def judged(bodies: list[str]) -> dict[str, list[str]]:
    """The faulty ones among some bodies, with what is wrong in the HTML made of them."""
    found = {}
    for body in bodies:
        try:
            html = render(body, pictures=PICTURES).html
        except RenderingRefusedError:
            continue
        if wrong := faults(html):
            found[body] = [*wrong, html]
    return found


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(ELEMENTS) * len(PLACES) + len(ADDRESSES) * len(LINKS) + len(ATTRIBUTE_LISTS) > 300
    assert len(set(ELEMENTS)) == len(ELEMENTS)


@pytest.mark.parametrize("place", PLACES)
def test_no_element_comes_through(place: str) -> None:
    assert judged([filled(PLACES[place], payload) for payload in ELEMENTS]) == {}


@pytest.mark.parametrize("form", LINKS)
def test_no_address_leads_where_it_should_not(form: str) -> None:
    assert judged([filled(LINKS[form], address) for address in ADDRESSES]) == {}


def test_no_attribute_list_sets_anything() -> None:
    assert judged(ATTRIBUTE_LISTS) == {}


def test_payloads_after_one_another_do_not_help_each_other() -> None:
    assert judged(["\n\n".join(ELEMENTS[i : i + 12]) for i in range(0, len(ELEMENTS), 6)]) == {}


def test_the_judge_would_notice() -> None:
    for bad in (
        "<script>x</script>",
        "<p onclick=x>y</p>",
        "</div>",
        '<a href="javascript:x">y</a>',
    ):
        assert faults(bad)


def test_links_to_other_sites_are_marked_and_own_ones_are_not() -> None:
    html = render("[a](https://x.example) [b](other.md) [c](/search)").html
    assert '<a href="https://x.example" rel="noopener nofollow">' in html
    assert '<a href="/articles/other">' in html
    assert '<a href="/search">' in html


def test_images_of_other_sites_are_linked_never_loaded() -> None:
    html = render("![A chart](https://x.example/chart.png)").html
    assert "<img" not in html
    assert 'href="https://x.example/chart.png"' in html
    assert "A chart" in html


@pytest.mark.parametrize(
    "body",
    [
        "[" * 20_000,
        "[a](" * 5_000,
        "x\n\n" + "> " * 60 + "deep",
        "\n".join("  " * depth + "- x" for depth in range(60)),
        "*a **b " * 20_000,
        "![" * 20_000,
        "<" * 20_000,
        "a" * 300_000,
        "`" * 500 + "x",
        ("- " * 15 + "x\n") * 3_000,
        "[^1]" * 5_000 + "\n\n[^1]: x",
        "x\x00y",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_costs_too_much_is_refused_in_time_with_its_place(body: str) -> None:
    started = time.monotonic()
    assert judged([body]) == {}
    assert time.monotonic() - started < WALL_SECONDS


def test_a_refused_body_harms_no_other() -> None:
    with pytest.raises(RenderingRefusedError, match="too long to render"):
        render("[a](" * 5_000)
    assert render("*fine*").html == "<p><em>fine</em></p>"


def test_a_fault_names_its_line() -> None:
    with pytest.raises(RenderingRefusedError) as told:
        render("fine\n\nalso fine\n" + "(" * 300)
    assert told.value.line == 4
