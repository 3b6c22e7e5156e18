"""Open cases under an older version: which dates would move, and moving them on purpose."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.case import Case, IllegalMoveError
from portal.cases.policies import NoPolicyError, policy_in_force
from portal.cases.rebasing import NothingToRebaseError, rebase
from portal.cases.rehearsing import rehearse
from portal.cases.revision import ChangedMeanwhileError
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db

_SHOWN = "revision-"


@blueprint.get("/desk/policies/rebasing")
@allow(Who.MANAGER)
def rebasing() -> ResponseReturnValue:
    """What re-basing each case would move; nothing moves yet."""
    return _page()


@blueprint.post("/desk/policies/rebasing")
@allow(Who.MANAGER)
def rebase_cases() -> ResponseReturnValue:
    """Move the chosen cases under the version in force, each with a record of its own."""
    chosen = _chosen()
    if not chosen:
        return _page(_("Choose at least one case.")), 422
    moved, kept = [], []
    for reference in chosen[:500]:
        case = load_case(reference)
        if problem := _rebase(case):
            kept.append(problem)
        else:
            moved.append(case.reference)
    if moved:
        names = ", ".join(moved)
        tell("success", _("Re-based: %(cases)s. Their customers are told.", cases=names))
    for problem in kept:
        tell("warning", problem)
    return redirect(url_for("desk.rebasing"), 303)


def _chosen() -> list[str]:
    """The cases that are ticked, or all that the page showed."""
    if request.form.get("act") != "all":
        return request.form.getlist("case")
    return [name.removeprefix(_SHOWN) for name in request.form if name.startswith(_SHOWN)]


def _rebase(case: Case) -> str:
    """Why it could not be done; "" when it was."""
    shown = request.form.get(f"{_SHOWN}{case.reference}", "")
    try:
        revision = int(shown) if shown.isdigit() else None
        rebase(db(), case=case, by=worker(), now=now(), revision=revision)
    except ChangedMeanwhileError:
        words = _("%(reference)s changed meanwhile and was left alone: look at its dates again.")
        return words % {"reference": case.reference}
    except (NothingToRebaseError, IllegalMoveError) as error:
        return str(error)
    return ""


def _page(problem: str = "") -> str:
    moment = now()
    try:
        version, policy = policy_in_force(db(), now=moment)
    except NoPolicyError:
        return render_template("desk/policies_rebasing.html", version=None, problem=problem)
    return render_template(
        "desk/policies_rebasing.html",
        version=version,
        policy=policy,
        rehearsal=rehearse(db(), policy=policy, now=moment, is_draft=False),
        problem=problem,
    )
