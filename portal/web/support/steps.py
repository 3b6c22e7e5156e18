"""The way through the guided case: four short pages, a check, the confirmation.

Each step is kept when it is left, so it can be taken up again; a change made from the check page
leads straight back to it; after sending, every step leads to the confirmation.
"""

from typing import Any

from flask import Response, abort, g, redirect, request, url_for

from portal.cases.draft import Draft
from portal.cases.drafting import save_answers
from portal.clock import now
from portal.web.support.answers import Answers
from portal.web.support.holding import load_draft
from portal.web.transaction import db

ORDER = ("question", "effect", "details", "contact", "check")


def enter(public_id: str, step: str) -> tuple[Draft, Answers]:
    """The draft at this step; leads elsewhere when it was sent or an earlier step is open."""
    draft = load_draft(public_id)
    return draft, entered(draft, step)


def entered(draft: Draft, step: str) -> Answers:
    """The answers of a draft that is at this step; leads elsewhere as `enter` does."""
    if draft.case_id is not None:
        abort(_to("sent", draft))
    answers = Answers(draft.answers)
    g.told_zone = answers.time_zone
    missing = first_open(answers)
    if ORDER.index(missing) < ORDER.index(step):
        abort(_to(missing, draft))
    return answers


def first_open(answers: Answers) -> str:
    """The first step that was not answered yet; the check page when all were."""
    return next((step for step in ORDER if step not in answers.steps), ORDER[-1])


def keep(draft: Draft, *ticks: str, reopened: tuple[str, ...] = (), **answers: Any) -> None:
    """Store what was answered and tick the steps; `reopened` ones must be looked at again."""
    steps = [each for each in Answers(draft.answers).steps if each not in reopened]
    ticked = list(dict.fromkeys([*steps, *ticks]))
    save_answers(db(), draft=draft, answers={**answers, "steps": ticked}, now=now())


def onward(draft: Draft, step: str, *, default: str | None = None) -> Response:
    """Where "Continue" leads: the check page after a change, else the following step."""
    missing = first_open(Answers(draft.answers))
    if is_changing():
        return _to(missing, draft, change="yes" if missing != "check" else None)
    return _to(default or ORDER[ORDER.index(step) + 1], draft)


def back_of(draft: Draft, step: str) -> str:
    """Where "Back" leads."""
    if is_changing():
        return address("check", draft)
    before = ORDER[max(ORDER.index(step) - 1, 0)]
    return address(before, draft)


def is_changing() -> bool:
    """Whether the page was opened by a "Change" link of the check page."""
    return "change" in request.args


def address(step: str, draft: Draft, **query: Any) -> str:
    return url_for(f"support.{step}", public_id=draft.public_id, **query)


def _to(step: str, draft: Draft, **query: Any) -> Response:
    response: Response = redirect(address(step, draft, **query), 303)  # type: ignore[assignment]
    return response
