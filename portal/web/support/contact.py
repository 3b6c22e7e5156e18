"""Step 4, "Who should we contact?": name and address, files, and consent where help would cost.

Somebody with an account signs in and comes back to the same draft; a guest just tells us.
"""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from portal.cases.attachments import files_of_draft, limits_of, remove_from_draft
from portal.cases.draft import Draft
from portal.cases.expectation import paid_help
from portal.cases.request import filing_for
from portal.clock import now
from portal.insight import attempting
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.person import Person
from portal.policy.model import Policy
from portal.web.access import Who, allow
from portal.web.filters import zone_called
from portal.web.forms import Email, Files, Form, Line, Telephone
from portal.web.identity import current_person
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.support.answers import Answers
from portal.web.support.desk import policy_now
from portal.web.support.outlook import expected
from portal.web.support.steps import address, back_of, enter, is_changing, keep, onward
from portal.web.support.uploads import LIMIT_BYTES, keep_uploads
from portal.web.transaction import db
from portal.web.visits import hashed_address, visitor
from portal.web.zones import ZoneField, zone_choices


class ContactForm(Form):
    """Whom to answer; the labels change when the policy wants the technical contact."""

    name = Line(N_("Your name"), limit=120, required=N_("Enter a name."))
    email = Email(
        N_("Your e-mail address"),
        required=N_("Enter an e-mail address, like name@example.com."),
        description=N_("We answer there, and send the link to follow your case."),
    )
    phone = Telephone(N_("Telephone"), description=N_("In case we need to talk to you."))
    reachable_at = Line(
        N_("Who can be reached about it, and how?"),
        limit=200,
        description=N_("For something this urgent an engineer may call whenever we are open."),
    )
    time_zone = ZoneField(N_("Your time zone"), description=N_("We show every time in it."))
    files = Files(N_("Files that show the problem"))
    consent = RadioField(N_("Should we start before we open?"), validate_choice=False)


@blueprint.get("/cases/drafts/<public_id>/contact")
@allow(Who.HOLDER)
def contact(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "contact")
    return _page(draft, _form(policy_now(), answers))


@blueprint.post("/cases/drafts/<public_id>/contact")
@allow(Who.HOLDER, limit_bytes=LIMIT_BYTES)
def keep_contact(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "contact")
    form = _form(policy_now(), answers)
    if token := request.form.get("remove_file"):
        remove_from_draft(db(), draft=draft, token=token)
        _store(draft, form, ticks="details")
        return redirect(f"{address('contact', draft)}#files", 303)
    is_valid = _is_complete(form, policy_now())
    refused = keep_uploads(draft, form.files.chosen)
    if refused:
        form.files.errors = [" ".join(refused)]
    if refused or not is_valid:
        return _page(draft, form), 422
    _store(draft, form, ticks="contact")
    if (who := visitor()) is not None:
        told = hashed_address(_email(form))
        attempting.tell_address(db(), visitor=who, address=told, now=now())
    return onward(draft, "contact")


def _form(policy: Policy, answers: Answers) -> ContactForm:
    form = ContactForm(data=_known(answers, current_person()))
    if wants_technical_contact(policy):
        form.name.label.text = _("Technical contact: name")
        form.email.label.text = _("Technical contact: e-mail address")
        form.phone.label.text = _("Technical contact: telephone")
        form.phone.flags.optional = False
    form.time_zone.choices = zone_choices(
        _("The same as support (%(zone)s)", zone=zone_called(policy.time_zone))
    )
    if not _is_top(policy, answers):
        del form.reachable_at
    else:
        form.reachable_at.flags.optional = False
        if _is_answered_day_and_night(policy):
            form.reachable_at.label.text = _("Who can be reached around the clock, and how?")
            form.reachable_at.description = _(
                "For something this urgent an engineer may call at any hour."
            )
    if rate := paid_rate(policy, answers):
        form.consent.choices = _consent_choices(rate)
    else:
        del form.consent
    return form


def _known(answers: Answers, person: Person | None) -> dict[str, str]:
    """What was answered, else the profile; its zone goes before the one that the browser told."""
    name, email, phone, zone = (
        (person.name, person.email, person.phone, person.time_zone or "")
        if person
        else ("", "", "", "")
    )
    return {
        "name": answers.text("contact_name") or name,
        "email": answers.text("contact_email") or email,
        "phone": answers.text("contact_phone") or phone,
        "time_zone": answers.time_zone if answers.has_chosen_zone else zone or answers.time_zone,
        "reachable_at": answers.text("reachable_at") or phone,
        "consent": answers.text("fee_consent"),
    }


def _is_complete(form: ContactForm, policy: Policy) -> bool:
    is_valid = bool(form.validate())
    if wants_technical_contact(policy) and not form.phone.data:
        form.phone.errors = [_("Enter a telephone number, with its country code if abroad.")]
    if form.reachable_at and not form.reachable_at.data:
        form.reachable_at.errors = [
            _("Enter a name and a number that is answered at any hour.")
            if _is_answered_day_and_night(policy)
            else _("Enter a name and a number.")
        ]
    if form.consent and form.consent.data not in {"yes", "no"}:
        form.consent.errors = [_("Choose whether we may start before we open.")]
    return is_valid and not form.errors


def _store(draft: Draft, form: ContactForm, *, ticks: str) -> None:
    consent = form.consent.data if form.consent else None
    keep(
        draft,
        ticks,
        contact_name=form.name.data or "",
        contact_email=_email(form),
        contact_phone=form.phone.data or "",
        contact_time_zone=form.time_zone.data or "",
        has_chosen_zone=True,
        reachable_at=form.reachable_at.data if form.reachable_at else None,
        fee_consent=consent if consent in {"yes", "no"} else None,
    )


def _email(form: ContactForm) -> str:
    """A signed-in person's own address is not typed; only a technical contact's may differ."""
    person = current_person()
    typed: str = form.email.data or ""
    return person.email if person and not may_edit_email(policy_now()) else typed


def may_edit_email(policy: Policy) -> bool:
    return current_person() is None or wants_technical_contact(policy)


def wants_technical_contact(policy: Policy) -> bool:
    return "contact_name" in policy.required_information


def paid_rate(policy: Policy, answers: Answers) -> str:
    """What help before opening would cost this person now; "" where it can't be had."""
    filing = filing_for(policy, answers.stored, person=current_person(), now=now())
    return paid_help(policy, replace(filing, fee_consent=False))


def _consent_choices(rate: str) -> list[tuple[str, str]]:
    return [
        ("no", _("No, start when you open. It costs nothing extra.")),
        ("yes", _("Yes, start now. I agree to %(rate)s.", rate=rate)),
    ]


def consent_words(rate: str) -> tuple[str, ...]:
    """The amount and when it arises, said before anybody agrees."""
    if not rate:
        return ()
    return (
        _("We are closed now. Help before we open costs %(rate)s.", rate=rate),
        _(
            "Nothing starts and nothing is charged unless you agree here. "
            "We keep your name, the amount and the time with the case."
        ),
    )


def _is_top(policy: Policy, answers: Answers) -> bool:
    return expected(policy, answers).priority_id == policy.priorities[0].id


def _is_answered_day_and_night(policy: Policy) -> bool:
    """Whether somebody works on the most urgent level at any hour, and so may call at any hour."""
    return policy.calendar(policy.priorities[0].hours).never_closes


def _page(draft: Draft, form: ContactForm) -> str:
    policy = policy_now()
    return render_template(
        "support/contact.html",
        draft=draft,
        form=form,
        changing=is_changing(),
        back=back_of(draft, "contact"),
        here=url_for("support.contact", public_id=draft.public_id),
        attached=[
            {"id": each.token, "name": each.name, "size": each.size_bytes}
            for each in files_of_draft(db(), draft)
        ],
        limits_text=limits_of(parts().settings).words,
        consent_words=consent_words(paid_rate(policy, Answers(draft.answers))),
        may_edit_email=may_edit_email(policy),
    )
