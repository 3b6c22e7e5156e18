"""Search by meaning that can't work: administrators hear by mail, once until it worked again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.events import Event, record
from portal.locale import gettext as _
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.posting import post
from portal.mail.speech import speaking_to
from portal.people.queries import administrators
from portal.settings import Settings

FAILED, RECOVERED = "search_by_meaning_failed", "search_by_meaning_recovered"


def tell_of_unusable_model(db: Session, *, reason: str, settings: Settings, now: datetime) -> bool:
    """Tell every administrator why words alone answer, unless they know; whether they were told."""
    latest = _latest(db)
    if latest and latest.kind == FAILED and latest.detail.get("reason") == reason:
        return False
    record(db, FAILED, now=now, is_internal=True, reason=reason)
    for person in administrators(db):
        with speaking_to(db, person.email, settings=settings):
            letter = _letter(reason, settings)
        post(db, letter, recipient=person.email, settings=settings, now=now)
    return True


def _letter(reason: str, settings: Settings) -> Letter:
    return write_letter(
        "staff_search_by_meaning",
        settings=settings,
        subject=_("Search by meaning doesn't work"),
        button=Button(_("Open the desk"), addresses.desk(settings)),
        reason=reason,
    )


def note_usable_model(db: Session, *, now: datetime) -> None:
    """It works: the next failure is told again."""
    latest = _latest(db)
    if latest and latest.kind == FAILED:
        record(db, RECOVERED, now=now, is_internal=True)


def _latest(db: Session) -> Event | None:
    found = select(Event).where(Event.kind.in_((FAILED, RECOVERED)))
    return db.scalars(found.order_by(Event.id.desc()).limit(1)).first()
