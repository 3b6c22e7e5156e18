"""Tells the stories through the portal's own acts, each at its own time, so that promises, clocks
and mails are exactly what they would have been.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy.orm import Session

from portal.cases import (
    assigning,
    closing,
    delivery_date,
    escalating,
    noting,
    rating,
    replying,
    responding,
    scheduling,
    waiting,
)
from portal.cases.case import Case, CaseStatus
from portal.cases.policies import policy_in_force
from portal.cases.request import Request
from portal.cases.submission import open_case
from portal.commands.demonstration.stories import STORIES, Act, Step, Story
from portal.events import take_recorded
from portal.mail.notices import write_notices
from portal.people.organisation import Organisation
from portal.people.person import Person
from portal.people.queries import find_organisation
from portal.policy.asking import Field
from portal.policy.intake import asked_fields
from portal.policy.model import Policy
from portal.policy.priority import questions
from portal.settings import Settings

People = Mapping[str, Person]


class Moment(TypedDict):
    """Who acts, and when."""

    by: Person
    now: datetime


PROPOSED_AHEAD = timedelta(days=21)
DELIVERED_AHEAD = timedelta(days=9)


def tell_stories(db: Session, people: People, *, settings: Settings, now: datetime) -> list[Case]:
    """All cases, the oldest first, up to `now`."""
    return [_tell(db, story, people, settings=settings, now=now) for story in STORIES]


def answers_to(policy: Policy, given: Mapping[str, Any]) -> dict[str, Any]:
    """An answer to everything that the policy asks for; `given` ones stand."""
    answers = dict(given)
    for _ in range(3):  # an answer may call for another one
        for field in asked_fields(policy, answers=answers):
            if not answers.get(field.id):
                answers[field.id] = _plausible(field)
    return answers


def _tell(db: Session, story: Story, people: People, *, settings: Settings, now: datetime) -> Case:
    began = now - story.ago
    case = _open(db, story, people.get(story.who), now=began)
    write_notices(db, take_recorded(db), settings=settings, now=began)
    for step in story.steps:
        moment = began + step.after
        if moment <= now:
            _act(db, case, step, people[step.who], moment)
            write_notices(db, take_recorded(db), settings=settings, now=moment)
    return case


def _open(db: Session, story: Story, person: Person | None, *, now: datetime) -> Case:
    _, policy = policy_in_force(db, now=now)
    level = policy.priorities[min(story.urgency, len(policy.priorities) - 1)]
    given = {
        "summary": story.subject,
        "description": story.description,
        "contact_name": person.name if person else "Gus Berger",
        "contact_email": person.email if person else story.guest_email,
        "contact_phone": person.phone if person else "",
        "request_kind": story.kind,
        "steps_taken": story.tried if story.kind == "problem" else "",
        "priority": level.id,
    }
    given |= _urgency(policy, level.id)
    owner = find_organisation(db, story.customer) if story.customer else None
    owner = owner or (person.organisation if person else None)
    answers = answers_to(policy, given | _known(owner, story.site))
    return open_case(db, request=Request(answers, person), now=now)


def _urgency(policy: Policy, level: str) -> dict[str, str]:
    """Yes to a question that leads to `level`; where none does, it is the customer's own choice."""
    leading = [one for one in questions(policy) if one.priority_id == level and not one.unless]
    return {leading[0].id: "yes"} if leading else {"chosen_priority": level}


def _known(owner: Organisation | None, named: str) -> dict[str, Any]:
    """What the organisation has installed at the site of that name, else at its first one."""
    if owner is None:
        return {}
    sites = sorted(owner.installations, key=lambda one: (one.name != named, one.id))
    site = next(iter(sites), None)
    known = {"company_name": owner.name, "organisation_id": str(owner.id)}
    return known if site is None else known | site.details | {"installation_id": str(site.id)}


def _plausible(field: Field) -> str:
    if field.kind == "yes_no":
        return "no"
    if field.choices:
        return field.choices[0]
    return "Restarted the service" if field.kind == "textarea" else "Not known"


def _act(db: Session, case: Case, step: Step, by: Person, now: datetime) -> None:
    if step.act in _SAID:
        _SAID[step.act](db, case=case, author=by, body=step.words, now=now)
    else:
        _DONE[step.act](db, case, step.words, {"by": by, "now": now})


def _ask(db: Session, **said: Any) -> None:
    responding.respond(db, then=CaseStatus.WAITING, **said)


def _assign(db: Session, case: Case, _words: str, acting: Moment) -> None:
    assigning.assign(db, case=case, assignee=acting["by"], **acting)


def _solve(db: Session, case: Case, words: str, acting: Moment) -> None:
    closing.solve(db, case=case, resolution=words, **acting)


def _close(db: Session, case: Case, _words: str, acting: Moment) -> None:
    closing.close(db, case=case, by_customer=True, reason="solved", **acting)


def _wait_for(db: Session, case: Case, words: str, acting: Moment) -> None:
    waiting.pause(db, case=case, reason="third_party", party=words, **acting)


def _propose(db: Session, case: Case, words: str, acting: Moment) -> None:
    on = _weekday((acting["now"] + PROPOSED_AHEAD).date())
    scheduling.propose(db, case=case, on=on, reason=words, **acting)


def _weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def _agree(db: Session, case: Case, _words: str, acting: Moment) -> None:
    assert case.proposed_on is not None
    scheduling.accept(db, case=case, on=case.proposed_on, by_customer=True, **acting)


def _deliver(db: Session, case: Case, words: str, acting: Moment) -> None:
    on = _weekday((acting["now"] + DELIVERED_AHEAD).date())
    delivery_date.set_delivery_date(db, case=case, on=on, reason=words, **acting)


def _complain(db: Session, case: Case, words: str, acting: Moment) -> None:
    escalating.ask_for_escalation(db, case=case, reason=words, **acting)


def _rate(db: Session, case: Case, words: str, acting: Moment) -> None:
    rating.rate(db, case=case, score=5, comment=words, now=acting["now"])


_SAID: dict[Act, Callable[..., Any]] = {
    "respond": responding.respond,
    "ask": _ask,
    "reply": replying.reply,
    "note": noting.note,
}
_DONE: dict[Act, Callable[[Session, Case, str, Moment], None]] = {
    "assign": _assign,
    "solve": _solve,
    "close": _close,
    "wait_for": _wait_for,
    "propose": _propose,
    "agree": _agree,
    "deliver": _deliver,
    "complain": _complain,
    "rate": _rate,
}
