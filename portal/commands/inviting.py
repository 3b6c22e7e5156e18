"""The first sign-in of somebody new: by a link, printed for the operator and mailed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.mail import addresses
from portal.mail.notices import invitation
from portal.people import sign_in_links
from portal.people.person import Person
from portal.settings import Settings


def invite(
    db: Session, person: Person, *, settings: Settings, now: datetime, lasts: timedelta
) -> str:
    """Issue a link that signs `person` in once, put it into the outbox, and return it."""
    token = sign_in_links.issue(db, person=person, now=now, lasts=lasts)
    hours = int(lasts / timedelta(hours=1))
    invitation(db, person=person, token=token, settings=settings, now=now, hours=hours)
    return addresses.sign_in_page(settings, token)
