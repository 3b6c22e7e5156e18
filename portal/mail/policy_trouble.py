"""A policy version that can't be used any more: the version before it goes on, and those who can
mend it are told by mail, once.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import PolicyVersion
from portal.cases.policies import NoPolicyError, policy_in_force, problem_of
from portal.events import Event, record
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.posting import post
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
        letter = _letter(db, version, settings=settings, now=now)
        for person in managers(db):
            post(db, letter, recipient=person.email, settings=settings, now=now)
    return len(new)


def _letter(db: Session, version: PolicyVersion, *, settings: Settings, now: datetime) -> Letter:
    try:
        goes_on = f"version {policy_in_force(db, now=now)[0].version} goes on"
    except NoPolicyError:
        goes_on = "no other version can take its place, so nothing can be promised"
    return write_letter(
        "staff_policy_unusable",
        settings=settings,
        subject=f"Policy {version.policy_id}, version {version.version}, can't be used",
        button=Button("Open the policies", addresses.desk_policies(settings)),
        name=f"Version {version.version} of the policy {version.policy_id}",
        goes_on=goes_on,
        problem=problem_of(version),
    )
