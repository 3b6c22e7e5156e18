"""Another priority, with a reason: the new promise is shown before anything changes."""

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.expectation import Expectation
from portal.cases.priorities import (
    NotANamedContactError,
    change_priority,
    choices,
    preview_change,
)
from portal.cases.telling import priority_name
from portal.clock import now
from portal.locale import gettext as _
from portal.policy.problems import PolicyRefusal
from portal.web.access import Who, allow
from portal.web.identity import current_person
from portal.web.messages import tell
from portal.web.support import blueprint
from portal.web.support.act_forms import PriorityForm
from portal.web.support.case_page import reader_zone_of
from portal.web.support.loading import load_case
from portal.web.transaction import db


@blueprint.get("/cases/<reference>/priority")
@allow(Who.HOLDER)
def priority(reference: str) -> ResponseReturnValue:
    case = _open_case(reference)
    return _page(case, _form(case))


@blueprint.post("/cases/<reference>/priority")
@allow(Who.HOLDER)
def change(reference: str) -> ResponseReturnValue:
    """First the new promise is shown; the same form, pressed again, makes it hold."""
    case = _open_case(reference)
    form = _form(case)
    if not _is_right(case, form):
        return _page(case, form), 422
    if request.form.get("outcome") != "change" or request.form.get("shown") != form.priority.data:
        return _page(case, form, wanted=form.priority.data)
    try:
        change_priority(
            db(),
            case=case,
            priority=form.priority.data,
            reason=form.reason.data or "",
            by=current_person(),
            by_name=case.contact_name,
            now=now(),
        )
    except (IllegalMoveError, NotANamedContactError, PolicyRefusal) as error:
        form.priority.errors = [_(str(error))]
        return _page(case, form), 422
    name = priority_name(case, case.priority)
    tell("success", _("The priority is now “%(priority)s”.", priority=name))
    response: Response = redirect(url_for("support.case", reference=case.reference), 303)  # type: ignore[assignment]
    return response


def _open_case(reference: str) -> Case:
    case = load_case(reference)
    return case if case.is_open else abort(404)


def _form(case: Case) -> PriorityForm:
    form = PriorityForm(data={"priority": case.priority})
    form.priority.choices = [(each.id, each.name) for each in choices(db(), case=case, now=now())]
    return form


def _is_right(case: Case, form: PriorityForm) -> bool:
    is_valid = bool(form.validate())
    known = {each.id for each in choices(db(), case=case, now=now())}
    if form.priority.data and form.priority.data not in known:
        form.priority.errors = [_("Choose one of the priorities in the list.")]
    elif form.priority.data == case.priority:
        form.priority.errors = [_("It has this priority already. Choose another one.")]
    return is_valid and not form.errors


def _page(case: Case, form: PriorityForm, *, wanted: str | None = None) -> str:
    promise, at = None, now()
    if wanted:
        found = preview_change(db(), case=case, priority=wanted, now=at)
        expectation = Expectation(found, case.status is CaseStatus.HELD)
        promise = expectation.first_response(now=at, reader_zone=reader_zone_of(case))
    return render_template(
        "support/priority.html",
        case=case,
        form=form,
        promise_shown=promise,
        wanted=wanted or "",
        wanted_name=priority_name(case, wanted) if wanted else "",
        priority_name=priority_name(case, case.priority),
        priority_hints={
            each.id: "; ".join(each.means)
            for each in choices(db(), case=case, now=at)
            if each.means and each.means != ("not given",)
        },
    )
