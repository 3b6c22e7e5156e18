"""The first link to sign in, mailed to somebody who was taken up, or again to who lost it."""

from datetime import timedelta

from portal.clock import now
from portal.mail.notices import invitation
from portal.people import sign_in_links
from portal.people.changes import record_change
from portal.people.person import Person
from portal.web.identity import current_person
from portal.web.parts import parts
from portal.web.transaction import db

INVITATION_LASTS = timedelta(hours=72)


def invite(person: Person) -> None:
    """Mail a link by which a person signs in, once; the act is on record."""
    at = now()
    token = sign_in_links.issue(db(), person=person, now=at, lasts=INVITATION_LASTS)
    hours = int(INVITATION_LASTS / timedelta(hours=1))
    invitation(db(), person=person, token=token, settings=parts().settings, now=at, hours=hours)
    record_change(
        db(),
        "invited",
        now=at,
        by=current_person(),
        person_id=person.id,
        organisation_id=person.organisation_id,
        what=person.name,
    )
