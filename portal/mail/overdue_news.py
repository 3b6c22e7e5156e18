"""The check of articles is overdue: their owner is told, once for each article and day it was due.

Not before eight in the owner's morning and not twice on a day, so that one mail names all of them.
What was told is kept in the transaction of the mail: a crash neither repeats nor loses one.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.knowledge.verifying import Overdue, overdue
from portal.locale import gettext as _
from portal.locale import ngettext
from portal.mail import addresses
from portal.mail.choices import OverdueTold
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.posting import post
from portal.mail.speech import speaking_to
from portal.mail.wishes import DIGEST_AT
from portal.mail.writer_notices import WriterNotice, who_want
from portal.people.person import Person
from portal.people.queries import writers
from portal.policy.moments import full_day
from portal.settings import Settings


def tell_owner_of_overdue(database: Database, *, settings: Settings, now: datetime) -> bool:
    """Write one owner's mail; whether there may be more owners to tell."""
    with database.reading() as db:
        owner_id = next(iter(_untold(db, now)), None)
    if owner_id is None:
        return False
    with database.writing() as db:
        owner = db.get_one(Person, owner_id, with_for_update={"of": Person})
        found = _untold(db, now).get(owner_id)  # another worker may have told them meanwhile
        if found:
            _tell(db, owner, found, settings=settings, now=now)
    return True


def _tell(
    db: Session, owner: Person, found: list[Overdue], *, settings: Settings, now: datetime
) -> None:
    with speaking_to(db, owner.email, settings=settings):
        letter = _letter(found, settings)
    post(db, letter, recipient=owner.email, settings=settings, now=now)
    db.add_all(
        OverdueTold(article_id=one.article_id, due_on=one.due_on, person_id=owner.id, told_at=now)
        for one in found
    )


def _letter(found: list[Overdue], settings: Settings) -> Letter:
    subject = ngettext(
        "The check of one of your articles is due",
        "The check of %(number)s of your articles is due",
        len(found),
    )
    return write_letter(
        "staff_checks_overdue",
        settings=settings,
        subject=subject,
        button=Button(_("Open the work list"), addresses.work_list(settings)),
        overdue=[
            {
                "title": one.title,
                "due_on": full_day(one.due_on),
                "url": addresses.article_of_writers(settings, one.article_id),
            }
            for one in found
        ],
    )


def _untold(db: Session, now: datetime) -> Mapping[int, list[Overdue]]:
    """By owner's id, what is due and they don't know of, if they want to and it is their hour."""
    late = overdue(db, now.date())
    if not late:
        return {}
    people = who_want(db, _awake(db, now), WriterNotice.CHECK_OVERDUE)
    owners = {one.name.casefold(): one.id for one in sorted(people, key=_id, reverse=True)}
    told = {(row[0], row[1], row[2]) for row in db.execute(_TOLD)}
    found: dict[int, list[Overdue]] = {}
    for one in late:
        owner_id = owners.get(one.owner.strip().casefold())
        if owner_id is not None and (one.article_id, one.due_on, owner_id) not in told:
            found.setdefault(owner_id, []).append(one)
    return found


_TOLD = select(OverdueTold.article_id, OverdueTold.due_on, OverdueTold.person_id)


def _awake(db: Session, now: datetime) -> list[Person]:
    """Writers whose morning has come, and who were not told of anything yet on this day."""
    query = select(OverdueTold.person_id, func.max(OverdueTold.told_at))
    latest = {row[0]: row[1] for row in db.execute(query.group_by(OverdueTold.person_id))}
    awake = []
    for person in writers(db):
        zone = ZoneInfo(person.time_zone or "UTC")
        here = now.astimezone(zone)
        told_at = latest.get(person.id)
        is_told = told_at is not None and told_at.astimezone(zone).date() == here.date()
        if here.time() >= DIGEST_AT and not is_told:
            awake.append(person)
    return awake


def _id(person: Person) -> int:
    return person.id
