"""Somebody without an account finds an answer, reads it and says whether it helped."""

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("typed", ["priorities", "prioritys", "PRIORITY", "what do prioritis mean"])
def test_plural_and_typo_find_the_same_article(page: Page, typed: str) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("searchbox").or_(
        page.get_by_role("main").get_by_role("combobox")
    ).first.fill(typed)
    page.get_by_role("main").get_by_role("button", name="Search", exact=True).click()
    found = page.get_by_role("main").get_by_role("link", name="What do the priorities mean?")
    expect(found).to_be_visible()
    found.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What do the priorities mean?")


def test_a_reader_says_that_it_helped(page: Page) -> None:
    page.goto("/articles/how-do-i-open-a-case")
    page.get_by_role("button", name="Yes, it did").click()
    expect(page.get_by_role("main")).to_contain_text("Thank you")


def test_nothing_found_says_what_to_do_next(page: Page) -> None:
    page.goto("/search?q=xyzzyplugh")
    expect(page.get_by_role("main")).to_contain_text("xyzzyplugh")
    assert page.get_by_role("main").locator("a[href^='/cases/new']").count() >= 1
