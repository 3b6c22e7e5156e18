"""The desk in a browser: single keys, presence, and what is kept ready for an answer."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in


def keep(page: Page, title: str, body: str) -> None:
    page.goto("/desk/canned-answers")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Answer", exact=True).fill(body)
    page.get_by_role("button", name="Keep answer").click()
    expect(page.locator(".status-messages")).to_contain_text("is kept")


def test_U1203_single_keys_act_where_nobody_types(open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, "aldo@desk.example")
    page.goto("/desk")
    titles = page.locator(".queue a.title")
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".tick").nth(1)).to_be_checked()
    page.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#bulk-to")).to_be_focused()
    page.get_by_label("Words or case number").focus()
    page.keyboard.type("jkar?")
    expect(page.get_by_label("Words or case number")).to_have_value("jkar?")
    expect(page.locator("dialog")).not_to_be_visible()

    titles.nth(0).focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/desk/cases/"))
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#reply-body")).to_be_focused()
    page.keyboard.type("ran")
    expect(page.locator("#reply-body")).to_have_value("ran")


def test_U1203_keys_are_turned_off_in_the_profile(open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, "rosa@desk.example")
    page.goto("/account")
    page.get_by_label("Single keys act").uncheck()
    page.get_by_role("button", name="Save shortcuts").click()
    expect(page.locator(".status-messages")).to_contain_text("shortcuts are off")
    page.goto("/desk")
    page.keyboard.press("j")
    expect(page.locator(".queue a.title").first).not_to_be_focused()
    expect(page.locator("#keys")).to_have_count(0)


def test_U1206_a_canned_answer_is_inserted_with_and_without_script(open_page: OpenPage) -> None:
    for script in (True, False):
        page = open_page(script=script)
        sign_in(page, "aldo@desk.example")
        keep(page, f"Greeting {script}", "Dear {contact}, thank you.")
        page.goto("/desk?view=mine")
        page.goto("/desk?view=open")
        page.locator(".queue a.title").last.click()
        page.locator("#reply-body").fill("First line")
        page.locator(".inserting > summary").click()
        page.get_by_label("Words of it").fill(f"greeting {script}")
        if not script:
            page.get_by_role("button", name="Find").click()
        page.get_by_role("button", name=f"Insert Greeting {script}").click()
        expect(page.locator("#reply-body")).to_have_value(
            re.compile(r"First line\n\nDear [A-Z].*, thank you\.")
        )


def test_U1207_colleagues_see_who_is_writing(open_page: OpenPage) -> None:
    one, other = open_page(), open_page()
    sign_in(one, "aldo@desk.example")
    sign_in(other, "mai@desk.example")
    one.goto("/desk")
    one.locator(".queue a.title").first.click()
    with one.expect_response(re.compile("/presence")):
        one.locator("#reply-body").press_sequentially("I am at it")
    other.goto(one.url)
    expect(other.locator(".presence")).to_contain_text("Aldo Marchetti is replying")
