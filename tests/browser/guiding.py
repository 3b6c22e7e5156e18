"""Going through the guided case as a person would, whatever the policy asks."""

import re

from playwright.sync_api import Locator, Page

SENT = re.compile(r"/sent$")
STEPS = 12


def open_case(page: Page, subject: str, *, email: str = "gus@guest.example") -> str:
    """Open a case from the first page to the last; the case number or receipt that is shown."""
    page.goto("/cases/new")
    for _ in range(STEPS):
        answer_everything(page, subject, email)
        _continue(page)
        if SENT.search(page.url):
            return reference_on(page)
        problems = page.get_by_role("alert", name="There is a problem")
        assert problems.count() == 0, problems.inner_text()
    raise AssertionError(f"still at {page.url} after {STEPS} steps")


def answer_everything(page: Page, subject: str, email: str) -> None:
    """Fill what is empty and visible: the plainest kind of request, else the last choice of each
    group, every box ticked but the statements, of which none is.
    """
    main = page.get_by_role("main")
    for group in main.locator("fieldset").all():
        choices = group.locator("input[type=radio]")
        if choices.count() and choices.first.is_visible() and not _is_chosen(group):
            (choices.first if _is_kind(choices) else choices.last).check()
    for box in main.locator("input[type=checkbox]:not([name=holds]), [value=none]").all():
        if box.is_visible():
            box.check()
    for control in main.locator("select").all():
        if control.is_visible() and not control.input_value():
            control.select_option(index=1)
    for control in main.locator("textarea, input.input").all():
        if control.is_visible() and not control.input_value():
            control.fill(_answer(control.get_attribute("name") or "", subject, email))


def reference_on(page: Page) -> str:
    said = page.get_by_role("main").inner_text()
    found = re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{5}|\b[0-9A-Z]{3}-[0-9A-Z]{4}\b", said)
    assert found is not None, said
    return found.group()


def _is_kind(choices: Locator) -> bool:
    return "kind" in (choices.first.get_attribute("name") or "")


def _is_chosen(group: Locator) -> bool:
    return group.locator("input[type=radio]:checked").count() > 0


def _answer(name: str, subject: str, email: str) -> str:
    if "email" in name:
        return email
    if "phone" in name:
        return "+1 503 555 0100"
    if "existing" in name or "reason" in name:
        return ""
    return subject if name in {"subject", "summary"} else f"Said of {name}"


def _continue(page: Page) -> None:
    names = re.compile("^(Continue|Send)")
    page.get_by_role("main").get_by_role("button", name=names).last.click()
    page.wait_for_load_state("networkidle")
