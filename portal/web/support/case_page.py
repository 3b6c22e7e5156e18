"""One case, as its customer sees it: where it stands, what was said, and what can be done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.attachments import limits_of
from portal.cases.case import Case, CaseStatus
from portal.cases.clocks import evaluation_of, policy_of
from portal.cases.completing import still_missing
from portal.cases.delivery_date import delivery_words, is_promised
from portal.cases.expectation import Expectation, Reading
from portal.cases.following import followers_of
from portal.cases.linking import related_to
from portal.cases.priorities import possible
from portal.cases.promise import promises_made
from portal.cases.rating import SCORES, Rating, is_rateable, rating_of
from portal.cases.reopening import may_reopen
from portal.cases.timeline import (
    DAYS,
    HANDS,
    Entry,
    events_for_customer,
    timeline_for_customer,
)
from portal.cases.turns import Side, stretches
from portal.cases.words import STATUS_MEANINGS, TURN_WORDS
from portal.clock import now
from portal.events import Event
from portal.locale import gettext as _
from portal.people.person import Person
from portal.people.queries import normal_email
from portal.policy.answers import answer_of
from portal.policy.instants import as_text
from portal.policy.moments import full_day
from portal.web.access import Who, allow
from portal.web.identity import current_person
from portal.web.live import mark_of, marked
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.support.act_forms import ActForms
from portal.web.support.calendar_entry import calendar_entry
from portal.web.support.case_entries import shown_entry
from portal.web.support.case_facts import about, plain_rows, who_sees, works_on_it
from portal.web.support.case_words import closed_words, escalation_words, reopens_words
from portal.web.support.desk import desk_words
from portal.web.support.holding import written_text
from portal.web.support.loading import load_case
from portal.web.support.mail_wishes import stop_path
from portal.web.support.standing import MEASURES, Standing, kept_promises, standing_of
from portal.web.transaction import db
from portal.web.turns import turn_rows


@dataclass(frozen=True)
class May:
    """What the reader can do with this case now."""

    reply: bool
    close: bool
    reopen: bool
    escalate: bool
    change_priority: bool
    rate: bool
    move_day: bool


@blueprint.get("/cases/<reference>")
@allow(Who.HOLDER)
def case(reference: str) -> ResponseReturnValue:
    found, forms = load_case(reference), ActForms()
    if public_id := request.args.get("draft"):
        forms.reply.body.data = written_text(public_id)
    return case_page(found, forms)


@blueprint.get("/cases/<reference>/entries")
@allow(Who.HOLDER, is_use=False)
def case_entries(reference: str) -> ResponseReturnValue:
    """Where the case stands and its timeline, for the page's script."""
    found = load_case(reference)
    events = events_for_customer(db(), found)
    entries = [shown_entry(found, each) for each in _timeline(found, events)]
    standing = _standing(found, *_expected(found, events))
    news = render_template("support/_fresh.html", entries=entries, standing=standing)
    return marked(news, mark_of(found, events, for_staff=False))


@blueprint.get("/cases/<reference>/promise.ics")
@allow(Who.HOLDER)
def calendar(reference: str) -> ResponseReturnValue:
    """The next promised time, for the customer's calendar."""
    found = load_case(reference)
    if found.next_due_at is None:
        abort(404)
    text = calendar_entry(
        uid=f"{found.receipt}@{parts().settings.host}",
        title=_("Answer due: %(subject)s (%(case)s)", subject=found.subject, case=found.reference),
        words=_(
            "%(site)s owes you an answer or an update by this time.", site=parts().settings.name
        ),
        at=found.next_due_at,
        made_at=found.updated_at,
    )
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.reference}.ics"'
    return response


@blueprint.get("/cases/<reference>/promise.json")
@allow(Who.HOLDER)
def promise_data(reference: str) -> ResponseReturnValue:
    """What is promised, for programs: the clocks, the ledger, and every promise ever made."""
    found = load_case(reference)
    return {
        "case": found.reference,
        "policy": found.policy_version.policy_id,
        "policy_version": found.policy_version.version,
        "priority": found.priority,
        **answer_of(evaluation_of(db(), found)),
        "history": [
            {
                "clock": promise.clock,
                "made_at": as_text(promise.made_at),
                "due_at": as_text(promise.due_at) if promise.due_at else None,
                "target": promise.target,
                "basis": promise.basis,
                "priority": promise.priority,
                "rule": promise.rule,
            }
            for promise in found.promises
        ],
    }


def case_page(case: Case, forms: ActForms) -> str:
    """The whole page; `forms` may hold what was typed and what is wrong with it."""
    events = events_for_customer(db(), case)
    expectation, reading = _expected(case, events)
    days = parts().settings.reopen_days
    rated = rating_of(db(), case=case)
    may = what_one_may(case, rated)
    told, followers = _timeline(case, events), followers_of(db(), case)
    entries = [shown_entry(case, each) for each in told]
    if case.proposed_on is not None:
        forms.schedule.proposed.data = case.proposed_on.isoformat()
    return render_template(
        "support/case.html",
        case=case,
        form=forms.failed or forms.reply,
        forms=forms,
        standing=_standing(case, expectation, reading),
        promises=kept_promises(case, expectation, reading, promises_made(db(), case)),
        measures=_(MEASURES),
        live_mark=mark_of(case, events, for_staff=False),
        entries=entries,
        hands=_told(told, HANDS),
        days=_told(told, DAYS),
        turns=plain_rows(turn_rows(stretches(db(), case, events=events), _turn_words(), now=now())),
        works_on_it=works_on_it(case),
        agreed_day=full_day(case.scheduled_on) if case.scheduled_on else "",
        proposed_day=full_day(case.proposed_on) if case.proposed_on else "",
        delivery_words=_delivery_words(case),
        may=may,
        rated=rated,
        rated_words=_(SCORES[rated.score]) if rated else "",
        about=about(case),
        wishes_path=_wishes_path(case, followers),
        missing=[field.label.rstrip("?") for field in still_missing(case)],
        related=related_to(db(), case, person=current_person()),
        followers=followers,
        who_sees=who_sees(case),
        may_follow=case.organisation is not None and current_person() is not None,
        desk=desk_words(policy_of(case)),
        statuses=STATUS_MEANINGS.items(),
        limits_text=limits_of(parts().settings).words,
        reopens_words=reopens_words(case),
        closed_words=closed_words(case, days),
        closing_words=_("You can open it again for %(days)s days.", days=days),
        escalation_words=escalation_words(case),
        calendar_url=_calendar_url(case),
    )


def _delivery_words(case: Case) -> str:
    """The day of delivery; where the policy promises one, also that none is known yet."""
    known = delivery_words(db(), case)
    if known or not (case.is_open and is_promised(case)):
        return known
    return _("If one is needed, we tell you the day on which it will be delivered.")


def _expected(case: Case, events: Sequence[Event]) -> tuple[Expectation, Reading]:
    """What is promised, and how this reader is told of it now."""
    evaluation = evaluation_of(db(), case, events=events)
    expectation = Expectation(evaluation, case.status is CaseStatus.HELD)
    return expectation, expectation.read(now=now(), reader_zone=reader_zone_of(case))


def _standing(case: Case, expectation: Expectation, reading: Reading) -> Standing:
    days = parts().settings.reopen_days
    return standing_of(case, expectation, reading, now=now(), reopen_days=days)


def _turn_words() -> dict[Side, str]:
    return {side: _(words) for side, words in TURN_WORDS.items()}


def reader_zone_of(case: Case) -> str | None:
    """The reader's own zone: the signed-in person's, else the one given with the case."""
    person = current_person()
    return (person.time_zone if person else None) or case.contact_time_zone


def what_one_may(case: Case, rated: Rating | None) -> May:
    is_over = not case.is_open
    reopens = may_reopen(case, now=now(), reopen_days=parts().settings.reopen_days)
    return May(
        reply=case.is_open or reopens,
        close=case.status is not CaseStatus.CLOSED,
        reopen=is_over and reopens,
        escalate=case.is_open and case.status is not CaseStatus.HELD,
        change_priority=case.is_open and len(possible(policy_of(case), case)) > 1,
        rate=is_rateable(case) and rated is None,
        move_day=case.is_open and case.scheduled_on is not None and case.proposed_on is None,
    )


def _timeline(case: Case, events: Sequence[Event]) -> list[Entry]:
    names = parts().settings.shows_staff_names
    return timeline_for_customer(db(), case, names=names, events=events)


def _told(entries: list[Entry], kinds: Collection[str]) -> list[Entry]:
    """The part of the timeline that a section of the page repeats."""
    return [entry for entry in entries if entry.kind in kinds]


def _wishes_path(case: Case, followers: Iterable[Person]) -> str | None:
    """Where this reader says how they are mailed about the case; None for who isn't mailed."""
    person = current_person()
    address = person.email if person else case.contact_email
    mailed = {normal_email(each) for each in (case.contact_email, *(f.email for f in followers))}
    return stop_path(case, address) if normal_email(address) in mailed else None


def _calendar_url(case: Case) -> str | None:
    if case.next_due_at is None or case.next_due_at < now():
        return None
    return url_for("support.calendar", reference=case.reference)
