"""The daily mail: everything that happened to a reader's cases since the last one, case by case."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.access import cases_visible_to, issue_link
from portal.cases.case import Case
from portal.database import Database
from portal.locale import gettext as _
from portal.locale import ngettext
from portal.mail import addresses
from portal.mail.choices import DigestEntry
from portal.mail.letters import Button, write_letter
from portal.mail.posting import post
from portal.mail.proof import is_proven
from portal.mail.speech import speaking_to
from portal.mail.wishes import zone_of
from portal.people.person import Person
from portal.people.queries import find_by_email
from portal.policy.moments import moment
from portal.settings import Settings


def write_due_digest(database: Database, *, settings: Settings, now: datetime) -> bool:
    """Write the daily mail of one reader for whom it is due; True when there was one.

    What was told is forgotten in the same transaction, so that nothing is told twice or lost.
    """
    due = select(DigestEntry.address).where(DigestEntry.due_at <= now)
    with database.reading() as db:
        if db.scalar(due.limit(1)) is None:
            return False
    with database.writing() as db:
        address = db.scalar(due.order_by(DigestEntry.due_at).limit(1))
        if address is None:
            return False
        query = select(DigestEntry).where(DigestEntry.address == address)
        entries = db.scalars(query.order_by(DigestEntry.id).with_for_update(skip_locked=True)).all()
        told = _readable(db, address, entries)
        if told:
            first = db.get_one(Case, told[0].case_id)
            with speaking_to(db, address, settings=settings, case=first):
                _write(db, address, told, settings=settings, now=now)
        for entry in entries:
            db.delete(entry)
    return True


def _readable(db: Session, address: str, entries: Sequence[DigestEntry]) -> list[DigestEntry]:
    """What the reader may still read: rights may have ended since it happened."""
    person = find_by_email(db, address)
    if person is None:
        return list(entries)
    ids = {entry.case_id for entry in entries}
    query = select(Case.id).where(Case.id.in_(ids), cases_visible_to(person))
    seen = set(db.scalars(query))
    return [entry for entry in entries if entry.case_id in seen]


def _write(
    db: Session, address: str, entries: list[DigestEntry], *, settings: Settings, now: datetime
) -> None:
    person = find_by_email(db, address)
    by_case: dict[int, list[DigestEntry]] = {}
    for entry in entries:
        by_case.setdefault(entry.case_id, []).append(entry)
    told = [_told(db.get_one(Case, case_id), those, person) for case_id, those in by_case.items()]
    first = db.get_one(Case, entries[0].case_id)
    letter = write_letter(
        "digest",
        settings=settings,
        subject=ngettext(
            "Your cases at %(site)s: news of one case",
            "Your cases at %(site)s: news of %(number)s cases",
            len(told),
            site=settings.name,
        ),
        button=_button(db, address, first, person, settings=settings, now=now),
        told=told,
    )
    case = first if len(told) == 1 else None
    post(db, letter, recipient=address, settings=settings, now=now, case=case)


def _told(case: Case, entries: list[DigestEntry], person: Person | None) -> dict[str, object]:
    zone = zone_of(person, case)
    is_known = person is not None or is_proven(case)
    return {
        "name": f"{case.reference}: {case.subject}" if is_known else case.reference,
        "news": [f"{moment(each.happened_at, zone).desk}: {each.words}." for each in entries],
    }


def _button(
    db: Session,
    address: str,
    case: Case,
    person: Person | None,
    *,
    settings: Settings,
    now: datetime,
) -> Button:
    if person is not None:
        return Button(_("See your cases"), f"{settings.base_url}/cases")
    token = issue_link(db, case=case, email=address, now=now)
    return Button(_("See the case"), addresses.followed_case(settings, token))
