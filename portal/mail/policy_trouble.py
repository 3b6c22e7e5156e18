"""A policy version that can't be used any more: the version before it goes on, and those who can
mend it are told by mail, once.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import PolicyVersion
from portal.cases.policies import NoPolicyError, policy_in_force, problem_of
from portal.events import Event, record
from portal.locale import gettext as _
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.posting import post
from portal.mail.speech import speaking_to
from portal.people.queries import managers
from portal.settings import Settings

KIND = "policy_found_unusable"


def tell_of_unusable_policies(db: Session, *, settings: Settings, now: datetime) -> int:
    """Tell managers and administrators of each version that is new among the unusable; how many."""
    unusable = [v for v in db.scalars(select(PolicyVersion)) if problem_of(v) is not None]
    if not unusable:
        return 0
    events = db.scalars(select(Event).where(Event.kind == KIND))
    told = {event.detail.get("content_hash") for event in events}
    new = [version for version in unusable if version.content_hash not in told]
    for version in new:
        record(
            db,
            KIND,
            now=now,
            is_internal=True,
            policy=version.policy_id,
            version=version.version,
            content_hash=version.content_hash,
        )
        for person in managers(db):
            with speaking_to(db, person.email, settings=settings):
                letter = _letter(db, version, settings=settings, now=now)
            post(db, letter, recipient=person.email, settings=settings, now=now)
    return len(new)


def _letter(db: Session, version: PolicyVersion, *, settings: Settings, now: datetime) -> Letter:
    named = {"policy": version.policy_id, "version": version.version}
    return write_letter(
        "staff_policy_unusable",
        settings=settings,
        subject=_("Policy %(policy)s, version %(version)s, can't be used", **named),
        button=Button(_("Open the policies"), addresses.desk_policies(settings)),
        unusable=_unusable(db, version, now=now),
        problem=problem_of(version),
    )


def _unusable(db: Session, version: PolicyVersion, *, now: datetime) -> str:
    """Which version it is, and which one goes on in its place."""
    named = {"policy": version.policy_id, "version": version.version}
    try:
        other = policy_in_force(db, now=now)[0].version
    except NoPolicyError:
        return _(
            "Version %(version)s of the policy %(policy)s can't be used any more: no other version "
            "can take its place, so nothing can be promised.",
            **named,
        )
    return _(
        "Version %(version)s of the policy %(policy)s can't be used any more: version %(other)s "
        "goes on.",
        **named,
        other=other,
    )
