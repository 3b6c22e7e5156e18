"""Another status by hand: waiting, solved, closed, open again."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from portal.cases import closing, reopening, waiting
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.reopening import FollowUpNeededError
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.standstill import patience_of
from portal.cases.words import STAFF_STATUS_WORDS
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.choices import prepare_choices
from portal.web.desk.forms import StatusForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/status")
@allow(Who.AGENT)
def status(reference: str) -> ResponseReturnValue:
    """Move the case on without writing to the customer."""
    case, form = load_case(reference), StatusForm()
    prepare_choices(case, [form], is_new=form)
    if not form.validate_on_submit():
        form.status.errors = [_("Choose one of the statuses that are possible now.")]
        return refused(case, form)
    if form.status.data == CaseStatus.SOLVED and not form.reason.text:
        form.reason.errors = [_("Say in a line what solved it; the customer reads it.")]
        return refused(case, form)
    try:
        _move(case, CaseStatus(form.status.data), form)
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except FollowUpNeededError:
        form.status.errors = [_("It was closed too long ago: the customer opens a follow-up case.")]
        return refused(case, form)
    except IllegalMoveError:
        form.status.errors = [_("That status is not possible from here. Choose another one.")]
        return refused(case, form)
    words = _("%(reference)s is now “%(status)s”.")
    tell(
        "success",
        words % {"reference": case.reference, "status": _(STAFF_STATUS_WORDS[case.status])},
    )
    return done(case)


def _move(case: Case, to: CaseStatus, form: StatusForm) -> None:
    common: dict[str, Any] = {
        "case": case,
        "by": worker(),
        "now": now(),
        "revision": form.shown_revision,
    }
    reason, patience = form.reason.text, patience_of(parts().settings)
    acts: dict[CaseStatus, Callable[[], None]] = {
        CaseStatus.WAITING: lambda: waiting.wait_for_customer(db(), patience=patience, **common),
        CaseStatus.SOLVED: lambda: closing.solve(
            db(), resolution=reason, patience=patience, **common
        ),
        CaseStatus.CLOSED: lambda: closing.close(db(), reason=reason, **common),
        CaseStatus.IN_PROGRESS: lambda: _go_on(case, reason, common),
    }
    acts[to]()


def _go_on(case: Case, reason: str, common: dict[str, Any]) -> None:
    if not case.is_open:
        days = parts().settings.reopen_days
        reopening.reopen(db(), reason=reason, reopen_days=days, **common)
    elif case.status in {CaseStatus.WAITING, CaseStatus.PAUSED}:
        waiting.resume(db(), **common)
    else:
        waiting.start_work(db(), **common)
