"""Everything is done with the keyboard alone, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.browser.guiding import SENT, STEPS, reference_on

STOPS = 90
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || !at.closest('main')) return null;
  const group = at.type === 'radio' ? [...document.getElementsByName(at.name)] : [];
  return { tag: at.tagName, type: at.type || '', name: at.name || '', value: at.value || '',
           text: at.innerText || '', done: at.checked || group.some((one) => one.checked) };
}"""
CALENDAR_WITH_A_CHOICE = """HTMLInputElement.prototype.showPicker = function () {
  this.value = '2029-12-31';
  this.dispatchEvent(new Event('change'));
};"""
"""The browser's own calendar, in which somebody chooses at once."""
GO_ON = re.compile(r"^(Continue|Send case)")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("(it) => it === document.activeElement"):
            return
    pytest.fail(f"Tab never comes to {target}")


def press(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def answer_by_keyboard(page: Page) -> None:
    """Tab through a step, answer what is empty, and go on at its button."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            continue
        if at["tag"] == "BUTTON" and GO_ON.match(at["text"]):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if at["name"] == "holds" and at["value"] != "none":
            continue
        if at["type"] in {"radio", "checkbox"} and not at["done"]:
            is_last_of_group = at["type"] == "radio" and "kind" not in at["name"]
            page.keyboard.press("ArrowUp" if is_last_of_group else "Space")
        elif at["type"] in {"text", "textarea", "email", "tel"} and not at["value"]:
            page.keyboard.type(_answer(at["name"]))
    pytest.fail(f"no way on by keyboard at {page.url}")


def _answer(name: str) -> str:
    if "email" in name:
        return "kit@guest.example"
    if "phone" in name:
        return "+1 503 555 0100"
    return "" if "continues" in name or "reason" in name else "Only keys"


def test_a_guest_opens_a_case_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/cases/new")
    for _ in range(STEPS):
        answer_by_keyboard(page)
        if SENT.search(page.url):
            break
    assert reference_on(page).startswith("R-")


def test_a_reader_says_no_and_why_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    tab_to(page, page.get_by_label("Describe it in a few words"))
    page.keyboard.type("prioritties")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="What do the priorities mean?").first)
    press(page, page.get_by_role("button", name="No, it did not"))
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Something was missing")).to_be_checked()
    press(page, page.get_by_role("button", name="Send feedback"))
    expect(page.get_by_role("main")).to_contain_text("Thank you")


def test_suggestions_are_walked_with_the_arrow_keys(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/")
    tab_to(page, page.get_by_role("main").get_by_role("combobox"))
    page.keyboard.type("priorities mean")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_be_visible()


def test_the_skip_link_leads_past_the_header(page: Page) -> None:
    page.goto("/articles/how-do-i-open-a-case")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_a_contact_closes_a_case_with_the_keyboard_alone(page: Page) -> None:
    sign_in(page, "theo@harbour.example")
    page.goto("/cases")
    page.get_by_role("region", name="Open").get_by_role("link").first.click()
    press(page, page.locator("summary", has_text="Close this case"))
    tab_to(page, page.get_by_role("group", name="Why do you close it?").get_by_role("radio").first)
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Close this case"))
    expect(page.locator(".case-head")).to_contain_text("Closed")


def test_a_day_is_typed_at_one_stop_or_chosen_in_the_calendar(page: Page) -> None:
    page.add_init_script(CALENDAR_WITH_A_CHOICE)
    sign_in(page, "mai@desk.example")
    page.goto("/desk/organisations/harbour-lines/contracts/new")
    choose = page.get_by_role("button", name="Choose a day: Last day")
    name = "Chosen" if choose.count() else "Typed"
    tab_to(page, page.get_by_label("Name of the contract"))
    page.keyboard.type(name)
    tab_to(page, page.get_by_label("First day", exact=True))
    page.keyboard.type("1. Januar 2029")
    last = page.get_by_label("Last day", exact=True)
    page.keyboard.press("Tab")
    if choose.count():
        tab_to(page, choose)
        page.keyboard.press("Enter")
        expect(last).to_have_value("31 Dec 2029")
    else:
        page.keyboard.type("31 Dec 2029")
    expect(last).to_be_focused()
    press(page, page.get_by_role("button", name="Add contract"))
    page.get_by_role("link", name=name).click()
    expect(page.get_by_label("First day", exact=True)).to_have_value("1 Jan 2029")
    expect(page.get_by_label("Last day", exact=True)).to_have_value("31 Dec 2029")


def test_a_moment_is_typed_at_a_stop_for_the_day_and_one_for_the_time(page: Page) -> None:
    sign_in(page, "aldo@desk.example")
    page.goto("/desk?view=open")
    page.get_by_role("link", name="Alarms by e-mail stopped").first.click()
    tab_to(page, page.locator("details:has(form[action$='/pause']) > summary"))
    page.keyboard.press("Enter")
    form = page.locator("form[action$='/pause']")
    tab_to(page, form.get_by_label("Day", exact=True))
    page.keyboard.type("5 Jan 2030")
    page.keyboard.press("Tab")
    time = form.get_by_label("Time of day", exact=True)
    if form.get_by_role("button", name="Choose a day").count():
        page.keyboard.press("Tab")
    expect(time).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("9:00 am or 9:00 pm")
    page.get_by_role("alert").get_by_role("link").click()
    expect(time).to_be_focused()
    expect(form.get_by_label("Day", exact=True)).to_have_value("5 Jan 2030")
