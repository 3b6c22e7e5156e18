"""A writer publishes, and readers find it at once."""

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in


def test_a_published_article_is_read_and_found_at_once(page: Page, open_page: OpenPage) -> None:
    word = "quibblewort"
    sign_in(page, "wren@desk.example")
    page.goto("/writing/articles/new")
    title = f"How do I reset the {word} {time.time_ns()}?"
    page.get_by_label("Title").fill(title)
    page.get_by_label("Summary").fill("Press the green button for five seconds.")
    body = "Press the **green** button.\n\n1. Open the lid.\n2. Press."
    page.get_by_label("Text", exact=True).fill(body)
    page.get_by_label("Category", exact=True).select_option(label="Finding answers")
    page.get_by_role("button", name="Publish now").click()
    page.wait_for_load_state("networkidle")

    reader = open_page(script=False)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        reader.goto(f"/search?q={word}")
        if reader.get_by_role("link", name=title).count():
            break
    reader.get_by_role("link", name=title).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
