"""The day on which a fix is delivered: set by staff, told to the customer, moved with a reason."""

from flask.typing import ResponseReturnValue

from portal.cases.case import IllegalMoveError
from portal.cases.delivery_date import NoReasonError, WrongDeliveryDateError, set_delivery_date
from portal.cases.revision import ChangedMeanwhileError
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.forms import DeliveryForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/delivery")
@allow(Who.AGENT)
def delivery(reference: str) -> ResponseReturnValue:
    """Set or move the day."""
    case, form = load_case(reference), DeliveryForm()
    if not form.validate_on_submit():
        return refused(case, form)
    try:
        set_delivery_date(
            db(),
            case=case,
            on=form.on.day,
            by=worker(),
            now=now(),
            reason=form.reason.text,
            revision=form.shown_revision,
        )
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except WrongDeliveryDateError as error:
        field = form.reason if isinstance(error, NoReasonError) else form.on
        field.errors = [str(error)]
        return refused(case, form)
    except IllegalMoveError:
        tell("info", _("%(reference)s is over: open it again first.", reference=case.reference))
        return done(case)
    tell("success", _("The day is set; %(name)s is told.", name=case.contact_name))
    return done(case)
