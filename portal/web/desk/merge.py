"""Merging a duplicate: first see what it means, then do it; for some days it can be undone."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from portal.cases.access import find_case
from portal.cases.case import Case
from portal.cases.following import followers_of, may_follow
from portal.cases.merged import absorbed
from portal.cases.merging import (
    UNDO_DAYS,
    NotMergeableError,
    TooLateToUndoError,
    merge,
    unmerge,
    why_not,
)
from portal.cases.queries import open_cases_of_customer
from portal.cases.revision import ChangedMeanwhileError
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import done
from portal.web.desk.forms import ActForm, fresh
from portal.web.desk.loading import load_case, worker
from portal.web.desk.together import again
from portal.web.forms import Line
from portal.web.messages import tell
from portal.web.transaction import db


class MergeForm(ActForm):
    """Into which case, and why; the customer reads the reason."""

    into = HiddenField()
    reason = Line(N_("Reason, for the customer"))


@dataclass(frozen=True)
class Meaning:
    """What a merge would bring about."""

    due_at: datetime | None
    readers: list[str]


@blueprint.get("/desk/cases/<reference>/merge")
@allow(Who.AGENT)
def merge_preview(reference: str) -> ResponseReturnValue:
    """Choose the case that survives, and see what merging would mean; nothing changes yet."""
    case = load_case(reference)
    typed = request.args.get("into", "").strip()[:40]
    survivor = find_case(db(), typed, person=worker()) if typed else None
    problem = _problem(case, survivor) if typed else ""
    form = fresh(MergeForm(formdata=None, data={"into": typed}), case, seen=0)
    return _page(case, form, typed=typed, survivor=survivor, problem=problem)


@blueprint.post("/desk/cases/<reference>/merge")
@allow(Who.AGENT)
def merge_case(reference: str) -> ResponseReturnValue:
    case, form = load_case(reference), MergeForm()
    into = (form.into.data or "")[:40]
    survivor = find_case(db(), into, person=worker(), lock=True)
    problem = _problem(case, survivor)
    if problem or survivor is None or not form.validate():
        return _page(case, form, typed=into, survivor=survivor, problem=problem), 422
    old = case.reference
    try:
        merge(
            db(),
            duplicate=case,
            survivor=survivor,
            by=worker(),
            now=now(),
            reason=form.reason.text,
            revision=form.shown_revision,
        )
    except ChangedMeanwhileError:
        fresh(form, case, seen=0)
        words = _("The case changed while you were looking. Read it again, then merge.")
        return _page(case, form, typed=into, survivor=survivor, problem=words), 409
    words = _(
        "%(reference)s goes on in this case. For %(days)s days you can undo it, "
        "under “Belongs with”."
    )
    tell("success", words % {"reference": old, "days": UNDO_DAYS})
    return done(survivor)


@blueprint.post("/desk/cases/<reference>/merge/undoing")
@allow(Who.AGENT)
def merge_undoing(reference: str) -> ResponseReturnValue:
    """Let a merged case stand for itself again."""
    case, wanted = load_case(reference), request.form.get("duplicate", "")[:40]
    duplicate = next((c for c in absorbed(db(), case) if c.reference == wanted), None)
    try:
        unmerge(db(), duplicate=duplicate or abort(404), by=worker(), now=now())
    except (TooLateToUndoError, NotMergeableError):
        words = _("That was merged more than %(days)s days ago. Split a part off instead.")
        tell("error", words % {"days": UNDO_DAYS})
        return again(case)
    words = _("%(reference)s stands for itself again, with all that was written in it.")
    tell("success", words % {"reference": wanted})
    return done(duplicate or case)


def _problem(case: Case, survivor: Case | None) -> str:
    if survivor is None:
        return _("No case has this number. Compare it with the queue or the mail.")
    return why_not(case, survivor)


def _page(case: Case, form: ActForm, *, typed: str, survivor: Case | None, problem: str) -> str:
    return render_template(
        "desk/merge.html",
        case=case,
        form=form,
        typed=typed,
        survivor=survivor,
        problem=problem,
        meaning=_meaning(case, survivor) if survivor and not problem else None,
        others=open_cases_of_customer(db(), case=case),
        undo_days=UNDO_DAYS,
    )


def _meaning(case: Case, survivor: Case) -> Meaning:
    due = [each.next_due_at for each in (case, survivor) if each.next_due_at is not None]
    heard = [case.contact, *followers_of(db(), case)]
    new = [p.name for p in heard if p and may_follow(survivor, p) and p is not survivor.contact]
    return Meaning(min(due, default=None), new)
