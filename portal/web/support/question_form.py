"""The form of step 1: what every case has, and what this person can choose from."""

from wtforms import HiddenField, RadioField

from portal.cases.contract_check import local_day
from portal.cases.queries import open_cases_of
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.queries import customers_of
from portal.policy.asking import RequestKind
from portal.policy.intake import unmet_conditions
from portal.policy.model import Policy
from portal.web.forms import Form, Line, Required, Text
from portal.web.identity import current_person
from portal.web.support.answers import Answers
from portal.web.transaction import db
from portal.web.zones import zone_names

SOMETHING_NEW = "new"
MOST_OFFERED = 5
_REMEDY = N_("Write in one line what it is about, like “Exports fail since Monday”.")


class QuestionForm(Form):
    """Subject and description always; the kind and the open cases where there are any."""

    kind = RadioField(
        N_("What kind of help do you need?"),
        [Required(N_("Choose the kind of help that you need."))],
        validate_choice=False,
    )
    organisation = RadioField(N_("Whom is it for?"), validate_choice=False)
    subject = Line(N_("What is it about, in one line?"), limit=150, required=_REMEDY)
    description = Text(N_("What happens, and what did you expect?"), limit=20_000)
    open_case = RadioField(N_("Is it about one of your open cases?"), validate_choice=False)
    time_zone = HiddenField()
    continues = Line(
        N_("Number of an earlier case"),
        limit=40,
        description=N_("It stands in our mails and looks like 7KQ-4MPX."),
    )


def question_form(policy: Policy, answers: Answers) -> QuestionForm:
    form = QuestionForm(
        data={
            "kind": answers.kind,
            "subject": answers.subject,
            "description": answers.description,
            "open_case": SOMETHING_NEW,
            "organisation": answers.text("organisation_id") or _own_organisation(),
            "continues": answers.text("existing_case_number"),
        }
    )
    _use_words(form, policy)
    form.description.flags.optional = False
    form.kind.choices = [(kind.id, kind.name) for kind in policy.request_kinds]
    if len(form.kind.choices) < 2:
        del form.kind
    form.organisation.choices = _organisation_choices()
    if len(form.organisation.choices) < 2:
        del form.organisation
    form.open_case.choices = _open_case_choices()
    if len(form.open_case.choices) < 2:
        del form.open_case
    return form


def _use_words(form: QuestionForm, policy: Policy) -> None:
    """The policy's own labels and reasons for the two fields that every case has."""
    for name, field_id in (("subject", "summary"), ("description", "description")):
        described = next((field for field in policy.fields if field.id == field_id), None)
        if described is not None:
            form[name].label.text = described.label
            form[name].description = described.why


def _own_organisation() -> str:
    person = current_person()
    return str(person.organisation_id or "") if person else ""


def _organisation_choices() -> list[tuple[str, str]]:
    """A partner files for the customers that name it."""
    person = current_person()
    if person is None or person.organisation is None:
        return []
    own = person.organisation
    return [(str(each.id), each.name) for each in (own, *customers_of(db(), own))]


def _open_case_choices() -> list[tuple[str, str]]:
    person = current_person()
    cases = open_cases_of(db(), person=person, limit=MOST_OFFERED) if person else []
    return [
        (SOMETHING_NEW, N_("No, it is something new")),
        *(
            (
                case.reference,
                _("Yes: %(subject)s (%(case)s)", subject=case.subject, case=case.reference),
            )
            for case in cases
        ),
    ]


def is_complete(form: QuestionForm, policy: Policy) -> bool:
    """Check the form, and whether this person may ask for this kind of help at all."""
    kind = chosen_kind(policy, form.kind.data if form.kind else None)
    is_valid = bool(form.validate())
    if form.kind and kind is None and not form.kind.errors:
        form.kind.errors = [_("Choose the kind of help that you need.")]
    if form.kind and kind is not None and (refusal := _refusal(policy, kind)):
        form.kind.errors = [refusal]
    if needs_description(kind) and not (form.description.data or "").strip():
        form.description.errors = [_("Describe what happens, so that we can start without asking.")]
    return is_valid and not form.errors


def _refusal(policy: Policy, kind: RequestKind) -> str:
    """Which condition for this kind of help is not met, and what to do; "" when all are."""
    person = current_person()
    organisation = person.organisation if person else None
    contract = organisation.contract_on(local_day(policy, now())) if organisation else None
    unmet = unmet_conditions(
        kind,
        contract_is_current=contract is not None,
        is_technical_contact=bool(person and person.is_technical_contact),
    )
    if unmet and person is None:
        return " ".join((_("Sign in first."), *unmet))
    return " ".join(unmet)


def is_about_earlier(form: QuestionForm) -> bool:
    """Whether anything was said of another case, or is wrong there: then it stands open."""
    chosen = form.open_case.data if form.open_case else SOMETHING_NEW
    return bool(form.continues.data or form.continues.errors) or chosen not in ("", SOMETHING_NEW)


def needs_description(kind: RequestKind | None) -> bool:
    return kind is None or "description" not in kind.without


def chosen_kind(policy: Policy, kind_id: str | None) -> RequestKind | None:
    """The kind of request by its id; the only one where there is no choice."""
    if len(policy.request_kinds) == 1:
        return policy.request_kinds[0]
    return next((kind for kind in policy.request_kinds if kind.id == kind_id), None)


def chosen_organisation(form: QuestionForm) -> int | None:
    """One of those offered; the answer means nothing where nothing was offered."""
    offered = {value for value, _ in _organisation_choices()}
    chosen = form.organisation.data if form.organisation else None
    return int(chosen) if chosen in offered else None


def told_zone(form: QuestionForm, before: Answers) -> str | None:
    """What was chosen before, else what the browser's script tells."""
    told = form.time_zone.data or ""
    return before.time_zone or (told if told in zone_names() else None)
