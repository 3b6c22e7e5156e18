"""Step 3, "Details we need": what the policy requires for this kind of request, and nothing else.

Each field says why it is asked. A field that depends on another answer is asked after it: at once
where a script runs, else on the same page again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField
from wtforms import Field as FormField

from portal.cases.draft import Draft
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.asking import Field
from portal.policy.intake import applies, asked_fields
from portal.policy.model import Policy
from portal.web.access import Who, allow
from portal.web.forms import Form, Line, Required, Telephone, Text
from portal.web.identity import current_person
from portal.web.messages import tell
from portal.web.support import blueprint
from portal.web.support.answers import Answers
from portal.web.support.desk import policy_now
from portal.web.support.known import chosen_installation, installations, known
from portal.web.support.steps import address, back_of, enter, is_changing, keep, onward

_PREFIX = "detail-"
ASKED_ELSEWHERE = frozenset(
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
_NO_INSTALLATION = "0"


@dataclass(frozen=True)
class Asked:
    """A field of the page; `when` is the answer that it follows from."""

    field: FormField
    when: SimpleNamespace | None
    is_shown: bool


class DetailsForm(Form):
    """The policy's fields, by their ids."""

    installation = RadioField(N_("Which installation is it about?"), validate_choice=False)
    remote_access = BooleanField(
        N_("We may connect to your host computer, each time with your permission"),
        [Required(N_("Tick this, or call us: without remote access we can’t look at the fault."))],
        description=N_("Faults are found on the machine itself. You give permission each time."),
    )
    policy_fields: tuple[Field, ...] = ()
    comes_last = ("remote_access",)

    def asked(self) -> Iterator[Asked]:
        """The fields in their order, hidden ones included."""
        given = self.given()
        for each in self.policy_fields:
            when = each.when if each.when and each.when.field in _ids(self.policy_fields) else None
            yield Asked(
                field=self[f"{_PREFIX}{each.id}"],
                when=SimpleNamespace(name=f"{_PREFIX}{when.field}", answer=when.answer)
                if when
                else None,
                is_shown=applies(each, given),
            )

    def given(self) -> dict[str, str]:
        return {each.id: self[f"{_PREFIX}{each.id}"].data or "" for each in self.policy_fields}


@blueprint.get("/cases/drafts/<public_id>/details")
@allow(Who.HOLDER)
def details(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "details")
    policy = policy_now()
    if not needed(policy, answers):
        return redirect(address("effect", draft), 303)
    return _page(draft, _form(policy, answers))


@blueprint.post("/cases/drafts/<public_id>/details")
@allow(Who.HOLDER)
def keep_details(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "details")
    form = _form(policy_now(), answers)
    if (other := _other_installation(form, answers)) is not None:
        kept: dict[str, Any] = {
            k: v for k, v in form.given().items() if not _is_of_installation(form, k)
        }
        forgotten: dict[str, Any] = {k: None for k in form.given() if _is_of_installation(form, k)}
        keep(draft, "effect", reopened=("details",), installation_id=other, **{**kept, **forgotten})
        return redirect(_here(draft), 303)
    if not _is_complete(form):
        return _page(draft, form), 422
    _store(draft, answers, form)
    if _follow_ups(form):
        keep(draft, "effect", reopened=("details",))
        tell("info", _("Your answer calls for one thing more. It is on this page now."))
        return redirect(f"{_here(draft)}#{_PREFIX}{_follow_ups(form)[0]}", 303)
    return onward(draft, "details")


def needed(policy: Policy, answers: Answers) -> bool:
    """Whether this kind of request needs any details at all."""
    return bool(policy_fields(policy, answers)) or policy.entitlement.remote_access_required


def policy_fields(policy: Policy, answers: Answers) -> tuple[Field, ...]:
    """The fields of this page, those included that follow only from certain answers."""
    every = {f.when.field: f.when.answer for f in policy.fields if f.when}
    asked = asked_fields(policy, request_kind=answers.kind or None, answers=every)
    return tuple(field for field in asked if field.id not in ASKED_ELSEWHERE)


def _form(policy: Policy, answers: Answers) -> DetailsForm:
    asked = policy_fields(policy, answers)
    fields: dict[str, Any] = {f"{_PREFIX}{field.id}": field_for(field) for field in asked}
    told = {**known(policy, answers), **answers.of_fields(asked)}
    chosen = chosen_installation(answers)
    data: dict[str, Any] = {f"{_PREFIX}{field.id}": told.get(field.id, "") for field in asked}
    data["installation"] = str(chosen.id) if chosen else _NO_INSTALLATION
    data["remote_access"] = answers.text("remote_access") == "yes"
    form: DetailsForm = type("PolicyDetailsForm", (DetailsForm,), fields)(data=data)
    form.policy_fields = asked
    for each in asked:
        form[f"{_PREFIX}{each.id}"].flags.optional = not each.required
    _offer_installations(form, answers)
    if not policy.entitlement.remote_access_required:
        del form.remote_access
    return form


def _offer_installations(form: DetailsForm, answers: Answers) -> None:
    found = installations(answers)
    form.installation.choices = [
        *((str(each.id), each.name) for each in found),
        (_NO_INSTALLATION, N_("Another one")),
    ]
    if len(found) < 2:
        del form.installation


def field_for(field: Field) -> FormField:
    """The control for one field of a policy."""
    if field.kind == "yes_no":
        choices = [("yes", N_("Yes")), ("no", N_("No"))]
        return RadioField(
            field.label, choices=choices, validate_choice=False, description=field.why
        )
    if field.kind == "choice":
        choices = [(choice, choice) for choice in field.choices]
        return RadioField(
            field.label, choices=choices, validate_choice=False, description=field.why
        )
    if field.id == "contact_phone":
        return Telephone(field.label, description=field.why)
    made: FormField = (
        Text(field.label, limit=10_000, description=field.why)
        if field.kind == "textarea"
        else Line(field.label, limit=200, description=field.why)
    )
    return made


def _is_complete(form: DetailsForm) -> bool:
    """Every required field that applies; hidden ones are neither asked nor stored."""
    is_valid = bool(form.validate())
    given = form.given()
    for each in form.policy_fields:
        control = form[f"{_PREFIX}{each.id}"]
        was_shown = control.name in request.form or each.kind in {"yes_no", "choice"}
        if each.required and applies(each, given) and was_shown and not given[each.id].strip():
            control.errors = [_remedy(each)]
    return is_valid and not form.errors


def _remedy(field: Field) -> str:
    if field.kind in {"yes_no", "choice"}:
        return _("Choose an answer: %(question)s", question=field.label)
    return _("Fill in “%(field)s”, or write “I don’t know”.", field=field.label)


def _follow_ups(form: DetailsForm) -> list[str]:
    """Fields that an answer just called for, and that the page did not show yet."""
    given = form.given()
    return [
        each.id
        for each in form.policy_fields
        if each.when and applies(each, given) and f"{_PREFIX}{each.id}" not in request.form
    ]


def _store(draft: Draft, answers: Answers, form: DetailsForm) -> None:
    given = form.given()
    told: dict[str, Any] = {
        f.id: given[f.id] if applies(f, given) else None for f in form.policy_fields
    }
    chosen = chosen_installation(answers)
    agreed = form.remote_access and form.remote_access.data
    keep(
        draft,
        "details",
        installation_id=chosen.id if chosen else None,
        remote_access="yes" if agreed else None,
        **told,
    )


def _other_installation(form: DetailsForm, answers: Answers) -> int | None:
    """The installation that was chosen instead of the one whose details were shown."""
    if not form.installation or not (form.installation.data or "").isdecimal():
        return None
    known = {each.id for each in installations(answers)} | {0}
    chosen = int(form.installation.data)
    shown = answers.installation_id or 0
    return chosen if chosen in known and chosen != shown else None


def _is_of_installation(form: DetailsForm, field_id: str) -> bool:
    return any(f.id == field_id and f.stored_in == "installation" for f in form.policy_fields)


def _ids(fields: tuple[Field, ...]) -> set[str]:
    return {field.id for field in fields}


def _page(draft: Draft, form: DetailsForm) -> str:
    person = current_person()
    return render_template(
        "support/details.html",
        draft=draft,
        form=form,
        changing=is_changing(),
        back=back_of(draft, "details"),
        prefilled_words=_("We filled in what you told us before. Correct what has changed.")
        if person and any(form.given().values())
        else "",
    )


def _here(draft: Draft) -> str:
    return address("details", draft, change="yes" if is_changing() else None)
