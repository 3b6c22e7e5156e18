"""A held request: the contract is there and it gets its number, or it isn't and it is closed."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.cases import contract_check
from portal.cases.case import Case, IllegalMoveError
from portal.cases.revision import ChangedMeanwhileError
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.forms import ActForm, ContractForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/contract")
@allow(Who.AGENT)
def contract(reference: str) -> ResponseReturnValue:
    """Confirm the contract, or refuse with a reason that the customer reads."""
    case, form = load_case(reference), ContractForm()
    try:
        if request.form.get("decision") == "confirm":
            return _confirm(case, form)
        if not form.validate_on_submit():
            return refused(case, form)
        contract_check.refuse(
            db(),
            case=case,
            by=worker(),
            reason=form.reason.text,
            now=now(),
            revision=form.shown_revision,
        )
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except IllegalMoveError:
        tell("info", _("%(reference)s was decided already.", reference=case.reference))
        return done(case)
    words = _("%(reference)s is closed; %(name)s is told why.")
    tell("success", words % {"reference": case.reference, "name": case.contact_name})
    return done(case)


def _confirm(case: Case, form: ActForm) -> ResponseReturnValue:
    number = contract_check.confirm(
        db(), case=case, by=worker(), now=now(), revision=form.shown_revision
    )
    words = _("The case number is %(number)s; %(name)s is told.")
    tell("success", words % {"number": number, "name": case.contact_name})
    return done(case)
