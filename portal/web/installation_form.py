"""What is installed at one site, as a form: the fields that the policy in force keeps with it.

Staff and the customer's technical contact fill in the same form.
"""

from typing import Any

from wtforms import SelectField

from portal.cases.policies import NoPolicyError, policy_in_force
from portal.clock import now
from portal.locale import N_
from portal.people.organisation import Installation
from portal.policy.asking import Field
from portal.web.editing import EditForm
from portal.web.forms import Line, Text
from portal.web.transaction import db

DETAIL_LIMIT = 500
TAKEN = [
    N_("Another installation of this organisation has this name. Choose one that tells them apart.")
]


def installation_fields() -> tuple[Field, ...]:
    """What the policy in force keeps with an installation."""
    try:
        policy = policy_in_force(db(), now=now())[1]
    except NoPolicyError:
        return ()
    return tuple(field for field in policy.fields if field.stored_in == "installation")


class InstallationForm(EditForm):
    """The name of the site; what the policy keeps with it is added."""

    name = Line(N_("Name of the site"), required=N_("Enter a name by which the site is known."))


def installation_form(**options: Any) -> InstallationForm:
    """The form with the policy's fields."""
    members = {_name(field): _control(field) for field in installation_fields()}
    return type("PolicyInstallationForm", (InstallationForm,), members)(**options)  # type: ignore[no-any-return]


def told_of(form: EditForm) -> dict[str, Any]:
    """What was filled in, as the acts take it."""
    typed = form.typed()
    details = {field.id: typed[_name(field)] or "" for field in installation_fields()}
    return {"name": typed["name"], "details": details}


def values_of(one: Installation) -> dict[str, Any]:
    """What stands there, by the names of the form's fields."""
    fields = installation_fields()
    return {"name": one.name} | {_name(f): str(one.details.get(f.id) or "") for f in fields}


def _name(field: Field) -> str:
    """The name of a policy's field in the form; it can't be one of our own."""
    return f"detail-{field.id}"


def _control(field: Field) -> Any:
    if field.choices:
        choices = [("", N_("Not known")), *((each, each) for each in field.choices)]
        return SelectField(field.label, choices=choices, validate_choice=False)
    kind = Text if field.kind == "textarea" else Line
    return kind(field.label, limit=DETAIL_LIMIT, description=field.why)
