"""One change for every ticked case of the queue, and its undoing."""

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from portal.cases.access import find_cases
from portal.cases.case import Case, CaseStatus
from portal.cases.standstill import patience_of
from portal.clock import now
from portal.desk import changing_many
from portal.desk.changing_many import Change, HandOver, Move, ToTeam
from portal.locale import gettext as _
from portal.people.queries import find_person
from portal.people.team import Team
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.bulk_form import NOBODY, TEAM, BulkForm, bulk_form
from portal.web.desk.loading import worker
from portal.web.desk.narrowing import queue_address, sent_address
from portal.web.desk.queue import queue_page
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db


@blueprint.post("/desk/changes")
@allow(Who.AGENT)
def change_many() -> ResponseReturnValue:
    """Assign or move what was ticked; the next page says what was refused and offers undoing."""
    form, asked = bulk_form(is_sent=True), sent_address()
    chosen = request.form.getlist("case")[: changing_many.MOST_AT_ONCE]
    change = _change(form)
    if change is None or not chosen or not form.reason.validate(form):
        form.to.errors = _missing(form, chosen)
        return queue_page(asked, bulk=form, chosen=chosen), 422
    made = changing_many.change_many(
        db(), cases=_cases(chosen), change=change, by=worker(), now=now()
    )
    return redirect(queue_address(asked | {"change": made.public_id}), 303)


@blueprint.post("/desk/changes/<public_id>/undoing")
@allow(Who.AGENT)
def undo_change(public_id: str) -> ResponseReturnValue:
    """Put the cases back to where they were."""
    made = changing_many.find_change(db(), public_id, by=worker()) or abort(404)
    try:
        undone, refused = changing_many.undo(
            db(), made=made, by=worker(), now=now(), reopen_days=parts().settings.reopen_days
        )
    except changing_many.UndoTooLateError:
        tell("warning", _("That can’t be undone any more. Change the cases themselves."))
    else:
        tell("warning" if refused else "success", _undone(undone, len(made.done), refused))
    return redirect(queue_address(sent_address()), 303)


def _undone(count: int, of: int, refused: list[dict[str, str]]) -> str:
    left = (
        _("%(reference)s stays: %(why)s", reference=each["reference"], why=each["why"])
        for each in refused[:10]
    )
    return " ".join([_("Undone for %(count)s of %(all)s.", count=count, all=of), *left])


def _change(form: BulkForm) -> Change | None:
    """What the pressed button wants; None when its list was left at "Choose"."""
    act, reason = request.form.get("act"), form.reason.text
    if act == "assignment" and form.to.data and form.to.validate(form):
        return _handed(form.to.data, reason)
    if act == "status" and form.status.data in {move.value for move in changing_many.MOVES}:
        settings = parts().settings
        days, patience = settings.reopen_days, patience_of(settings)
        return Move(CaseStatus(form.status.data), reason, days, patience)
    return None


def _handed(to: str, reason: str) -> Change:
    """To a person, to a team, or to nobody: what the list offers."""
    if to == NOBODY:
        return HandOver(None, reason)
    kind, _dash, number = to.partition("-")
    if kind == TEAM:
        return ToTeam(db().get(Team, int(number)), reason)
    return HandOver(find_person(db(), int(number)), reason)


def _missing(form: BulkForm, chosen: list[str]) -> list[str]:
    if not chosen:
        return [_("Tick the cases that you mean.")]
    if form.reason.errors:
        return list(form.reason.errors)
    if request.form.get("act") == "assignment":
        return [_("Choose a person or a team from the list.")]
    return [_("Choose a status from the list.")]


def _cases(chosen: list[str]) -> list[tuple[Case, int]]:
    """The ticked cases that there are, each with the revision in which it was seen."""
    shown = {}
    for value in chosen:
        reference, _dot, revision = value.partition(".")
        is_number = revision.isascii() and revision.isdigit() and len(revision) < 10
        shown[reference] = int(revision) if is_number else 0
    found = find_cases(db(), list(shown), person=worker(), lock=True)
    return [(case, _revision_of(case, shown)) for case in found]


def _revision_of(case: Case, shown: dict[str, int]) -> int:
    """A case that got its number meanwhile was shown by its receipt."""
    return shown.get(case.reference, shown.get(case.receipt, 0))
