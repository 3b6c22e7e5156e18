"""What the policy requires of a case and its first mail did not say, given afterwards."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases.case import Case
from portal.cases.completing import complete, still_missing
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.forms import Form
from portal.web.identity import current_person
from portal.web.messages import tell
from portal.web.support import blueprint
from portal.web.support.details import field_for
from portal.web.support.loading import by_name, load_case
from portal.web.transaction import db

_PREFIX = "detail-"


@blueprint.get("/cases/<reference>/information")
@allow(Who.HOLDER)
def information(reference: str) -> ResponseReturnValue:
    """Everything that is missing, on one page."""
    case = load_case(reference)
    if not still_missing(case):
        return redirect(url_for("support.case", reference=case.reference), 303)
    return _page(case, _form(case))


@blueprint.post("/cases/<reference>/information")
@allow(Who.HOLDER)
def add_information(reference: str) -> ResponseReturnValue:
    """Take whatever was filled in; what is still missing stays asked for."""
    case = load_case(reference)
    form = _form(case)
    if not form.validate():
        return _page(case, form), 422
    answers = {
        name.removeprefix(_PREFIX): str(value)
        for name, value in form.data.items()
        if name.startswith(_PREFIX) and value
    }
    added = complete(
        db(), case=case, answers=answers, by=current_person(), by_name=by_name(case), now=now()
    )
    if added:
        tell("success", _("Thank you. Added: %(fields)s.", fields=", ".join(added)))
    return redirect(url_for("support.case", reference=case.reference), 303)


def _form(case: Case) -> Form:
    fields: dict[str, Any] = {f"{_PREFIX}{f.id}": field_for(f) for f in still_missing(case)}
    form: Form = type("InformationForm", (Form,), fields)()
    return form


def _page(case: Case, form: Form) -> str:
    asked = [field for field in form if field.name.startswith(_PREFIX)]
    return render_template("support/information.html", case=case, form=form, asked=asked)
