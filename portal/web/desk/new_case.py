"""A case that staff write down for a customer who called or wrote.

It is the same act as the customer's own form, with the channel's own targets; the promise is
shown before the case is opened, and the customer gets the receipt.
"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.attachments import Upload, keep_files, limits_of
from portal.cases.expectation import Shown
from portal.cases.policies import NoPolicyError, policy_in_force
from portal.cases.prefilling import known_answers
from portal.cases.request import Request, decide_priority, organisation_for, preview
from portal.cases.submission import KindNotOpenError, open_case
from portal.clock import now
from portal.locale import gettext as _
from portal.people.directory import Wanted, list_people
from portal.people.organisation import Organisation
from portal.people.person import Person
from portal.people.queries import customers_of, find_person
from portal.policy.model import Policy
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.conversation import UPLOAD_LIMIT_BYTES
from portal.web.desk.loading import worker
from portal.web.desk.new_case_form import PREFIX, NewCaseForm, new_case_form
from portal.web.filters import reader_zone
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db

GUEST = "guest"
_MOST_FOUND = 10


@blueprint.get("/desk/cases/new")
@allow(Who.AGENT)
def new_case() -> ResponseReturnValue:
    """First who asks, then what about."""
    chosen = request.args.get("contact", "")
    if not chosen:
        return _who_page()
    person = _contact(chosen)
    policy = _policy()
    return _page(policy, person, _filled_in(policy, person))


@blueprint.post("/desk/cases/new")
@allow(Who.AGENT, limit_bytes=UPLOAD_LIMIT_BYTES)
def open_new_case() -> ResponseReturnValue:
    """Show what would be promised; open the case once that was seen."""
    person, policy = _contact(request.form.get("contact", "")), _policy()
    form = new_case_form(policy, _organisations(person), None)
    if not form.validate():
        return _page(policy, person, form), 422
    was_seen = form.promised_for.data == form.promise_signature()
    if request.form.get("act") != "open" or not was_seen:
        form.promised_for.data = form.promise_signature()
        return _page(policy, person, form, is_checked=True)
    return _opened(policy, person, form)


def _opened(policy: Policy, person: Person | None, form: NewCaseForm) -> ResponseReturnValue:
    uploads = [Upload(file.filename, file.stream) for file in form.files.chosen]
    kept, not_taken = keep_files(parts().files, uploads, limits=limits_of(parts().settings))
    if not_taken:
        form.files.errors = [" ".join(str(file) for file in not_taken)]
        return _page(policy, person, form), 422
    asked = Request(
        form.answers(),
        person,
        form.channel.data,
        kept=kept,
        may_lack=True,
        entered_by=worker(),
    )
    try:
        case = open_case(db(), request=asked, now=now())
    except KindNotOpenError as error:
        form.kind.errors = [str(error)]
        return _page(policy, person, form), 422
    words = _("%(reference)s is open. %(name)s gets the receipt by mail.")
    tell("success", words % {"reference": case.reference, "name": case.contact_name})
    return redirect(url_for("desk.case", reference=case.reference), 303)


def _who_page() -> str:
    words = request.args.get("q", "")[:100]
    found = list_people(db(), wanted=Wanted(words, "contacts")) if words.strip() else None
    return render_template(
        "desk/new_case_contact.html",
        words=words,
        people=found.rows[:_MOST_FOUND] if found else (),
        total=found.total if found else 0,
        most=_MOST_FOUND,
        guest=GUEST,
    )


def _page(
    policy: Policy, person: Person | None, form: NewCaseForm, *, is_checked: bool = False
) -> str:
    answers, at = form.answers(), now()
    promises: tuple[Shown, ...] = ()
    if is_checked:
        channel = form.channel.data
        expected = preview(db(), policy, answers, person=person, channel=channel, now=at)
        promises = expected.shown(now=at, reader_zone=reader_zone().key)
    return render_template(
        "desk/new_case.html",
        form=form,
        contact=person,
        contact_value=person.id if person else GUEST,
        promises=promises,
        policy=policy,
    )


def _filled_in(policy: Policy, person: Person | None) -> NewCaseForm:
    """What is known of the contact already stands in the form."""
    organisation = organisation_for(db(), {}, person=person)
    sites = organisation.installations_in_use if organisation else []
    site = sites[0] if len(sites) == 1 else None
    known = {}
    if person is not None:
        known = known_answers(
            db(), policy, person=person, organisation=organisation, installation=site
        )
    usual, _trace = decide_priority(policy, {})
    values = {
        **{f"{PREFIX}{name}": said for name, said in known.items()},
        "contact_name": person.name if person else "",
        "contact_email": person.email if person else "",
        "contact_phone": person.phone if person else "",
        "installation": str(site.id) if site else "",
        "organisation": str(organisation.id) if organisation else "",
        "priority": usual,
        "channel": "phone",
    }
    return new_case_form(policy, _organisations(person), values)


def _organisations(person: Person | None) -> list[Organisation]:
    """The contact's own, and those for which a partner files."""
    own = person.organisation if person else None
    return [own, *customers_of(db(), own)] if own else []


def _contact(chosen: str) -> Person | None:
    """The contact; None for somebody without an account."""
    if chosen == GUEST:
        return None
    is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 10
    person = find_person(db(), int(chosen)) if is_number else None
    if person is None or person.is_staff or not person.may_sign_in:
        abort(404)
    return person


def _policy() -> Policy:
    try:
        return policy_in_force(db(), now=now())[1]
    except NoPolicyError:
        abort(404)
