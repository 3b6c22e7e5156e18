"""Another priority: first see what it would promise, then say why, then change it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.cases import clocks, priorities
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.expectation import Expectation
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.telling import priority_name
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.problems import PolicyRefusal
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.choices import prepare_choices
from portal.web.desk.forms import PriorityForm, fresh
from portal.web.desk.loading import load_case, worker
from portal.web.filters import reader_zone
from portal.web.messages import tell
from portal.web.transaction import db

_NOT_POSSIBLE = [N_("This case can't have that priority. Choose one of the list.")]


@blueprint.get("/desk/cases/<reference>/priority")
@allow(Who.AGENT)
def priority_preview(reference: str) -> ResponseReturnValue:
    """What a priority would promise if it were given now; nothing changes yet."""
    case = load_case(reference)
    form = PriorityForm(formdata=request.args)
    prepare_choices(case, [form], is_new=form)
    if not form.priority.validate(form):
        form.priority.errors = _NOT_POSSIBLE
        return refused(case, form)
    if not form.revision.data:
        fresh(form, case, seen=form.shown_entries)
    return _preview_page(case, form)


@blueprint.post("/desk/cases/<reference>/priority")
@allow(Who.AGENT)
def priority(reference: str) -> ResponseReturnValue:
    """Change what drives the clock."""
    case, form = load_case(reference), PriorityForm()
    prepare_choices(case, [form], is_new=form)
    if not form.validate_on_submit():
        form.priority.errors = form.priority.errors and _NOT_POSSIBLE
        return refused(case, form)
    before = case.priority
    try:
        priorities.change_priority(
            db(),
            case=case,
            priority=form.priority.data,
            reason=form.reason.text,
            by=worker(),
            now=now(),
            revision=form.shown_revision,
        )
    except priorities.ReasonNeededError as error:
        form.reason.errors = [str(error)]
        return _preview_page(case, form), 422
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except (PolicyRefusal, priorities.NotANamedContactError, IllegalMoveError):
        form.priority.errors = _NOT_POSSIBLE
        return refused(case, form)
    was, is_ = priority_name(case, before), priority_name(case, case.priority)
    tell("success", _("Priority changed from “%(before)s” to “%(after)s”.", before=was, after=is_))
    return done(case)


def _preview_page(case: Case, form: PriorityForm) -> str:
    at, wanted = now(), form.priority.data
    is_held = case.status is CaseStatus.HELD
    now_promised = Expectation(clocks.evaluation_of(db(), case), is_held)
    then = Expectation(priorities.preview_change(db(), case=case, priority=wanted, now=at), is_held)
    zone = reader_zone().key
    form.reason.flags.optional = False
    return render_template(
        "desk/priority.html",
        case=case,
        form=form,
        before_name=priority_name(case, case.priority),
        after_name=priority_name(case, wanted),
        before=now_promised.shown(now=at, reader_zone=zone),
        after=then.shown(now=at, reader_zone=zone),
    )
