"""The form by which staff write down a case for a customer who called or wrote.

The policy's own fields are asked, but what was not asked yet may stay empty.
"""

from collections.abc import Sequence
from typing import Any

from wtforms import Field as FormField
from wtforms import HiddenField, RadioField, SelectField

from portal.locale import N_
from portal.locale import gettext as _
from portal.people.organisation import Organisation
from portal.policy.asking import Field
from portal.policy.intake import asked_fields
from portal.policy.model import Policy
from portal.web.forms import Email, Files, Form, Line, Required, Telephone, Text

PREFIX = "detail-"
CHANNELS = (("phone", N_("By telephone")), ("email", N_("By e-mail")))
_ASKED_ABOVE = frozenset(
    {
        "summary",
        "description",
        "priority",
        "about_open_case",
        "existing_case_number",
        "contact_name",
        "contact_phone",
        "contact_email",
    }
)


class NewCaseForm(Form):
    """What everybody is asked; the policy's fields are added to it. `promised_for` is what the
    promise that was shown was worked out for. Whatever the lists don't offer is judged where the
    answers are read.
    """

    channel = RadioField(
        N_("How did it reach us?"), [Required(N_("Choose how it reached us."))], choices=CHANNELS
    )
    subject = Line(N_("Subject"), required=N_("Say in a line what it is about."))
    description = Text(
        N_("What the customer said"), required=N_("Write down what the customer said.")
    )
    kind = SelectField(N_("Kind of request"), validate_choice=False)
    priority = SelectField(N_("Priority"), validate_choice=False)
    organisation = SelectField(N_("For which organisation"), validate_choice=False)
    contact_name = Line(N_("Name"), required=N_("Enter the name of whoever asks."))
    contact_email = Email(
        N_("E-mail address"), required=N_("Enter an address: the receipt goes there.")
    )
    contact_phone = Telephone(N_("Telephone number"))
    installation = SelectField(N_("Installation"), validate_choice=False)
    existing_case_number = Line(N_("Goes on from case"))
    files = Files(N_("Files"))
    promised_for = HiddenField()
    policy_fields: tuple[Field, ...] = ()
    comes_last = ("existing_case_number", "files")

    @property
    def details(self) -> list[FormField]:
        return [self[f"{PREFIX}{field.id}"] for field in self.policy_fields]

    def answers(self) -> dict[str, Any]:
        """What was said, by the names under which a request keeps it."""
        said = {field.id: self[f"{PREFIX}{field.id}"].data or "" for field in self.policy_fields}
        return said | {
            "summary": self.subject.text,
            "description": self.description.text,
            "request_kind": self.kind.data or "",
            "chosen_priority": self.priority.data or "",
            "existing_case_number": self.existing_case_number.text,
            "organisation_id": self.organisation.data or "",
            "installation_id": self.installation.data or "",
            "contact_name": self.contact_name.text,
            "contact_email": self.contact_email.text,
            "contact_phone": self.contact_phone.text,
        }

    def promise_signature(self) -> str:
        """Everything that the promise depends on; another one needs another look."""
        parts = (self.channel, self.priority, self.kind, self.organisation)
        return "|".join(str(part.data or "") for part in parts)


def new_case_form(
    policy: Policy, organisations: Sequence[Organisation], values: dict[str, str] | None
) -> NewCaseForm:
    """The form under this policy: as it was sent, or filled in with `values`."""
    gates = {field.when.field: field.when.answer for field in policy.fields if field.when}
    asked = asked_fields(policy, answers=gates)
    fields = tuple(field for field in asked if field.id not in _ASKED_ABOVE)
    made: dict[str, Any] = {f"{PREFIX}{field.id}": _field(policy, field) for field in fields}
    kind = type("PolicyNewCaseForm", (NewCaseForm,), {**made, "policy_fields": fields})
    form: NewCaseForm = kind() if values is None else kind(formdata=None, data=values)
    form.organisation.choices = [(str(one.id), one.name) for one in organisations]
    form.installation.choices = [("", N_("None, or not asked yet")), *_sites(organisations)]
    form.kind.choices = [
        ("", N_("Not said")),
        *((one.id, one.name) for one in policy.request_kinds),
    ]
    form.priority.choices = [(one.id, one.name) for one in policy.priorities]
    return form


def _sites(organisations: Sequence[Organisation]) -> list[tuple[str, str]]:
    """All installations to choose from; with several organisations each says whose it is."""
    is_plain = len(organisations) == 1
    return [
        (str(site.id), site.name if is_plain else f"{one.name}: {site.name}")
        for one in organisations
        for site in one.installations_in_use
    ]


def _field(policy: Policy, field: Field) -> FormField:
    hint = _condition(policy, field)
    if field.kind in {"yes_no", "choice"}:
        offered = [("yes", N_("Yes")), ("no", N_("No"))]
        if field.kind == "choice":
            offered = [(choice, choice) for choice in field.choices]
        choices = [("", N_("Not asked yet")), *offered]
        return SelectField(field.label, choices=choices, validate_choice=False, description=hint)
    if field.kind == "textarea":
        return Text(field.label, limit=10_000, description=hint)
    return Line(field.label, description=hint)


def _condition(policy: Policy, field: Field) -> str:
    """After which answer a field is asked at all."""
    if field.when is None:
        return ""
    gate = next(one for one in policy.fields if one.id == field.when.field)
    words = _("Only when “%(question)s” is answered with “%(answer)s”.")
    return words % {"question": gate.label, "answer": field.when.answer}
