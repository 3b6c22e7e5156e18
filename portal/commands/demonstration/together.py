"""What belongs together in the demonstration: a known issue with its case and somebody who waits
for it, linked cases, a part that was split off, and a colleague who follows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.following import add_follower
from portal.cases.issue_cases import attach
from portal.cases.link import LinkKind
from portal.cases.linking import link
from portal.cases.splitting import Part, split
from portal.events import take_recorded
from portal.knowledge.known_issue import IssueStatus, Words, post
from portal.knowledge.subscribing import subscribe
from portal.mail.notices import write_notices
from portal.people.person import Person
from portal.settings import Settings

_PDF = Words(
    "PDF reports come out empty",
    "Since version 9.1 a report that is exported as PDF is one empty page. Export it as CSV "
    "meanwhile. We tell more when the next version has a date.",
    status=IssueStatus.WORKAROUND,
    is_on_bar=False,
)
_PART = Part(
    "Alarm mails name the old sender",
    "Besides the certificate: the alarms that did arrive last week still came from the address of "
    "the old mail server.",
)


def put_together(
    db: Session,
    cases: Sequence[Case],
    people: Mapping[str, Person],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Do all that an hour ago, and tell whom it concerns."""
    at, rosa, aldo = now - timedelta(hours=1), people["rosa"], people["aldo"]
    issue = post(db, words=_PDF, by=rosa, now=at)
    attach(db, case=_about(cases, "reports as PDF"), issue=issue, by=rosa, now=at)
    subscribe(db, issue=issue, person=people["bea"], now=at)
    slow, stopped = _about(cases, "Search in the archive"), _about(cases, "No call is recorded")
    link(db, case=slow, other=stopped, kind=LinkKind.RELATED, by=aldo, now=at)
    alarms = _about(cases, "Alarms by e-mail")
    split(db, case=alarms, parts=[_PART], by=aldo, now=at)
    ines = people["ines"]
    add_follower(db, case=stopped, person=people["piet"], by=ines, by_name=ines.name, now=at)
    write_notices(db, take_recorded(db), settings=settings, now=at)


def _about(cases: Sequence[Case], words: str) -> Case:
    return next(case for case in cases if words in case.subject)
