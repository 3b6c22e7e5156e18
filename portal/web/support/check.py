"""Step 5, "Check your answers", and the sending itself: one case, however often Send is pressed."""

from dataclasses import dataclass

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from portal.cases.attachments import files_of_draft
from portal.cases.case import Case
from portal.cases.contract_check import HELD_WORDS, HeldReason
from portal.cases.draft import Draft
from portal.cases.submission import IncompleteError, KindNotOpenError, submit
from portal.cases.words import spoken_answer
from portal.clock import now
from portal.insight import attempting
from portal.locale import gettext as _
from portal.people.organisation import Installation
from portal.policy.asking import Field
from portal.policy.intake import applies, kind_of_request
from portal.policy.model import Policy
from portal.search.log import record_filing
from portal.web.access import Who, allow
from portal.web.filters import zone_called
from portal.web.forms import Form
from portal.web.identity import current_person
from portal.web.support import blueprint
from portal.web.support.answers import Answers
from portal.web.support.contact import paid_rate, wants_technical_contact
from portal.web.support.desk import policy_now
from portal.web.support.details import policy_fields
from portal.web.support.holding import load_draft
from portal.web.support.known import chosen_installation, organisation_of
from portal.web.support.outlook import Outlook, held_reason, outlook_of
from portal.web.support.steps import address, enter, entered
from portal.web.transaction import db
from portal.web.visits import filer, is_counted

Row = tuple[str, str, str | None, str]


@dataclass(frozen=True)
class Section:
    """One step's answers, each with the way to change it."""

    title: str
    rows: list[Row]


@blueprint.get("/cases/drafts/<public_id>/check")
@allow(Who.HOLDER)
def check(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "check")
    return _page(draft, answers, Form())


@blueprint.post("/cases/drafts/<public_id>/check")
@allow(Who.HOLDER)
def send(public_id: str) -> ResponseReturnValue:
    """Send the case. A draft that was sent already leads to its confirmation."""
    draft = load_draft(public_id)
    if draft.case_id is None:
        answers = entered(draft, "check")
        if problem := _try(draft):
            form = Form()
            form.form_errors = [problem]
            return _page(draft, answers, form), 422
    return redirect(address("sent", draft), 303)


def _try(draft: Draft) -> str:
    """Make the case; "" when it worked, else what is missing and what to do."""
    try:
        case = submit(db(), draft=draft, person=current_person(), now=now())
        _note_filing(case, draft)
    except IncompleteError as error:
        missed = ", ".join(field.label for field in error.fields)
        return _(
            "Something is missing: %(fields)s. Press “Change” beside it and fill it in.",
            fields=missed,
        )
    except KindNotOpenError as error:
        return " ".join((*error.conditions, _("Choose another kind of help.")))
    return ""


def _note_filing(case: Case, draft: Draft) -> None:
    """What was shown before did not do: the attempt and the search behind it say so."""
    attempting.file(
        db(), case=case, visitor=filer(case.contact_email), counts=is_counted(), now=now()
    )
    if query := Answers(draft.answers).text("query"):
        record_filing(db(), text=query, now=now())


def held_words(reason: HeldReason, policy: Policy) -> tuple[str, ...]:
    """Held, not refused: why, what happens, and what stays open meanwhile."""
    if not reason:
        return ()
    name = policy.entitlement.contract_words
    return (
        " ".join((_("A case number needs a %(contract)s.", contract=name), _(HELD_WORDS[reason]))),
        _("Your request gets a receipt, and we check. That delays nothing."),
    )


def _page(draft: Draft, answers: Answers, form: Form) -> str:
    policy = policy_now()
    outlook = outlook_of(policy, answers)
    return render_template(
        "support/check.html",
        draft=draft,
        form=form,
        back=address("contact", draft),
        sections=_sections(draft, policy, answers, outlook),
        outlook=outlook,
        held_words=held_words(held_reason(policy, answers), policy),
    )


def _sections(draft: Draft, policy: Policy, answers: Answers, outlook: Outlook) -> list[Section]:
    found = [
        Section(_("What is happening"), _question_rows(draft, policy, answers)),
        Section(_("How it affects you"), _effect_rows(draft, answers, outlook)),
        Section(_("Details"), _detail_rows(draft, policy, answers)),
        Section(_("Contact and files"), _contact_rows(draft, policy, answers)),
    ]
    return [section for section in found if section.rows]


def _question_rows(draft: Draft, policy: Policy, answers: Answers) -> list[Row]:
    change = address("question", draft, change="yes")
    kind = kind_of_request(policy, answers.kind)
    rows: list[Row] = (
        [(_("Kind of help"), kind.name, change, _("the kind of help"))] if kind else []
    )
    organisation, person = organisation_of(answers), current_person()
    if organisation and person and organisation.id != person.organisation_id:
        rows.insert(0, (_("For"), organisation.name, change, _("whom it is for")))
    return [
        *rows,
        (_("Subject"), answers.subject, change, _("the subject")),
        (_("Description"), answers.description, change, _("the description")),
        (
            _("Earlier case"),
            answers.text("existing_case_number"),
            change,
            _("the earlier case"),
        ),
    ]


def _effect_rows(draft: Draft, answers: Answers, outlook: Outlook) -> list[Row]:
    change = address("effect", draft, change="yes")
    why = " ".join(outlook.because)
    rows: list[Row] = [
        (_("Priority"), f"{outlook.priority_name}. {why}", change, _("the priority"))
    ]
    if effect := answers.text("business_effect"):
        rows.append((_("What you can’t do"), effect, change, _("what you can’t do")))
    return rows


def _detail_rows(draft: Draft, policy: Policy, answers: Answers) -> list[Row]:
    change = address("details", draft, change="yes")
    installation = chosen_installation(answers)
    rows: list[Row] = []
    if installation is not None:
        rows.append((_("Installation"), installation.name, change, _("the installation")))
    for field in policy_fields(policy, answers):
        if applies(field, answers.stored):
            rows.append(
                (
                    field.label,
                    spoken_answer(answers.text(field.id))
                    if field.kind == "yes_no"
                    else answers.text(field.id) or _of_installation(installation, field),
                    change,
                    "",
                )
            )
    if policy.entitlement.remote_access_required:
        rows.append(
            (
                _("Remote access"),
                _("Yes, with our permission each time"),
                change,
                _("the remote access"),
            )
        )
    return rows


def _of_installation(installation: Installation | None, field: Field) -> str:
    """What is known of the installation goes with the case and need not be typed again."""
    if installation is None or field.stored_in != "installation":
        return ""
    return str(installation.details.get(field.id) or "")


def _contact_rows(draft: Draft, policy: Policy, answers: Answers) -> list[Row]:
    change = address("contact", draft, change="yes")
    zone = zone_called(answers.time_zone) or _("The same as support")
    who = _("Technical contact") if wants_technical_contact(policy) else _("Name")
    rows: list[Row] = [
        (who, answers.text("contact_name"), change, _("the name")),
        (_("E-mail"), answers.text("contact_email"), change, _("the e-mail address")),
        (_("Telephone"), answers.text("contact_phone"), change, _("the telephone number")),
        (_("Time zone"), zone, change, _("the time zone")),
    ]
    if reachable := answers.text("reachable_at"):
        rows.append(
            (_("Who can be reached about it"), reachable, change, _("who can be reached about it"))
        )
    if rate := paid_rate(policy, answers):
        agreed = answers.text("fee_consent") == "yes"
        words = _("Yes, for %(rate)s", rate=rate) if agreed else _("No, start when you open")
        rows.append((_("Help before we open"), words, change, _("the help before we open")))
    names = ", ".join(each.name for each in files_of_draft(db(), draft))
    return [*rows, (_("Files"), names, f"{change}#files", _("the files"))]
