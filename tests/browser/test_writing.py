"""A writer publishes, and readers find it at once."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MILLISECONDS, OpenPage, sign_in
from tests.knowledge.shelves import png


@pytest.fixture
def editor(open_page: OpenPage) -> Page:
    """A new article in the editor, with scripts."""
    page = open_page()
    sign_in(page, "wren@desk.example")
    page.goto("/writing/articles/new")
    return page


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
    deadline = time.monotonic() + PATIENCE_MILLISECONDS / 1000
    while time.monotonic() < deadline:
        reader.goto(f"/search?q={word}")
        if reader.get_by_role("link", name=title).count():
            break
    reader.get_by_role("link", name=title).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)


def test_U1002_the_toolbar_writes_and_the_preview_follows(editor: Page) -> None:
    text = editor.get_by_label("Text", exact=True)
    text.fill("Press the button")
    text.select_text()
    text.press("Control+b")
    expect(text).to_have_value("**Press the button**")
    expect(editor.locator("[data-preview-into] strong")).to_have_text("Press the button")
    expect(editor.locator("[data-preview-into]")).to_contain_text("Write a summary")
    text.press("Control+z")
    expect(text).to_have_value("Press the button")


def test_U1004_the_keyboard_leaves_the_text_and_walks_the_toolbar(editor: Page) -> None:
    text = editor.get_by_label("Text", exact=True)
    text.focus()
    text.press("Shift+Tab")
    expect(editor.get_by_role("button", name="H2 Heading")).to_be_focused()
    editor.keyboard.press("ArrowRight")
    expect(editor.get_by_role("button", name="H3 Smaller heading")).to_be_focused()
    editor.keyboard.press("Tab")
    expect(text).to_be_focused()
    editor.keyboard.press("Tab")
    expect(text).not_to_be_focused()


def test_U1005_what_is_typed_survives_closing_the_window(editor: Page) -> None:
    editor.get_by_label("Title").fill("How do I begin and not end?")
    editor.get_by_label("Text", exact=True).fill("Half a sent")
    expect(editor.locator("[data-kept]")).to_contain_text("Kept at")
    editor.goto("/writing/articles/new")
    editor.get_by_role("link", name="How do I begin and not end?").click()
    expect(editor.get_by_label("Text", exact=True)).to_have_value("Half a sent")


def test_U1005_offline_the_browser_keeps_it_and_tells(editor: Page) -> None:
    text = editor.get_by_label("Text", exact=True)
    editor.context.set_offline(True)
    text.fill("Written in a tunnel")
    expect(editor.locator("[data-kept]")).to_contain_text("kept in this browser")
    editor.context.set_offline(False)
    expect(editor.locator("[data-kept]")).to_contain_text("Kept at")


def test_U1005_who_was_signed_out_keeps_the_text_and_goes_on(editor: Page) -> None:
    editor.get_by_label("Text", exact=True).fill("Before the end of the sign-in")
    cookies = [one for one in editor.context.cookies() if one["name"] == "sign-in"]
    editor.context.clear_cookies(name="sign-in")
    editor.get_by_label("Text", exact=True).press_sequentially(" and after")
    expect(editor.locator("[data-kept]")).to_contain_text("signed out")
    editor.context.add_cookies(cookies)  # type: ignore[arg-type]
    editor.goto("/writing/articles/new")
    editor.get_by_role("button", name="Bring it back").click()
    expect(editor.get_by_label("Text", exact=True)).to_have_value(re.compile("^Before the end"))


def test_U1003_an_image_is_sent_at_once_and_its_words_are_asked_for(editor: Page) -> None:
    editor.get_by_text("Add an image").click()
    image = {"name": "The switch.png", "mimeType": "image/png", "buffer": png()}
    editor.locator("#image").set_input_files(image)  # type: ignore[arg-type]
    editor.get_by_label("In words, for those who can’t see it").fill("The switch on the back")
    editor.get_by_role("button", name="Put the image in").click()
    text = editor.get_by_label("Text", exact=True)
    expect(text).to_have_value(re.compile(r"!\[The switch on the back\]\(the-switch(-\d+)?\.png\)"))
    shown = editor.locator("[data-preview-into] img")
    expect(shown).to_have_attribute("alt", "The switch on the back")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 30


def test_a_link_to_another_article_is_picked_by_its_words(editor: Page) -> None:
    editor.get_by_text("Link to another article").click()
    editor.get_by_label("Words of it").fill("sign in")
    editor.locator("[data-links] button").first.click()
    text = editor.get_by_label("Text", exact=True)
    expect(text).to_have_value(re.compile(r"^\[.+\]\([a-z0-9-]+\)$"))


def test_on_a_phone_a_switch_leads_to_the_preview_and_back(open_page: OpenPage) -> None:
    page = open_page()
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, "wren@desk.example")
    page.goto("/writing/articles/new")
    text = page.get_by_label("Text", exact=True)
    text.fill("Press **Start**.")
    page.get_by_role("link", name="Preview", exact=True).press("Enter")
    expect(page.locator("[data-preview-into] strong")).to_have_text("Start")
    expect(page.get_by_role("heading", name="Preview")).to_be_focused()
    expect(text).to_be_hidden()
    page.get_by_role("link", name="Write", exact=True).press("Enter")
    expect(text).to_be_focused()
    expect(page.locator("[data-preview-into]")).to_be_hidden()


def test_without_script_the_switch_is_two_links(open_page: OpenPage) -> None:
    page = open_page(script=False)
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, "wren@desk.example")
    page.goto("/writing/articles/new")
    page.get_by_role("link", name="Preview", exact=True).click()
    expect(page.get_by_role("heading", name="Preview")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Write", exact=True)).to_be_in_viewport()
