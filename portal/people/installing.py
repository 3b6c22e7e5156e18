"""What an organisation has installed, kept so that nobody is asked twice.

Staff write it down; the customer's technical contact corrects and confirms it. What goes out of
use is kept for the cases that were about it, and is not offered any more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.people.changes import Changes, record_change
from portal.people.naming import check_name
from portal.people.organisation import Installation, Organisation
from portal.people.person import Person


def add_installation(
    db: Session,
    *,
    organisation: Organisation,
    name: str,
    details: Mapping[str, Any],
    now: datetime,
    by: Person | None = None,
) -> Installation:
    """Remember what is installed at one site. Raises NameTakenError."""
    check_name(db, Installation, name, organisation_id=organisation.id)
    installation = Installation(name=name, details=_told(details))
    organisation.installations.append(installation)
    db.flush()
    record_change(
        db, "installation_added", now=now, by=by, organisation_id=organisation.id, what=name
    )
    return installation


def change_installation(
    db: Session,
    *,
    installation: Installation,
    name: str,
    details: Mapping[str, Any],
    by: Person | None,
    now: datetime,
) -> Changes:
    """Correct it. Details that `details` doesn't name stay as they are; blanks remove one.

    Raises NameTakenError.
    """
    owner_id = installation.organisation_id
    check_name(db, Installation, name, organisation_id=owner_id, but=installation)
    after = _told(installation.details | dict(details))
    changes: Changes = {
        key: [installation.details.get(key, ""), after.get(key, "")]
        for key in sorted(installation.details.keys() | after.keys())
        if installation.details.get(key, "") != after.get(key, "")
    }
    if installation.name != name:
        changes["name"] = [installation.name, name]
    installation.name, installation.details = name, after
    if changes:
        _record(db, "installation_changed", installation, by=by, now=now, changes=changes)
    return changes


def confirm_installation(
    db: Session, *, installation: Installation, by: Person, now: datetime
) -> None:
    """The customer says that it is right as it stands."""
    installation.confirmed_at = now
    _record(db, "installation_confirmed", installation, by=by, now=now)


def retire_installation(
    db: Session, *, installation: Installation, by: Person | None, now: datetime
) -> None:
    """It is out of use, and no longer offered."""
    if installation.ended_at is None:
        installation.ended_at = now
        _record(db, "installation_retired", installation, by=by, now=now)


def restore_installation(
    db: Session, *, installation: Installation, by: Person | None, now: datetime
) -> None:
    """It is in use again."""
    if installation.ended_at is not None:
        installation.ended_at = None
        _record(db, "installation_restored", installation, by=by, now=now)


def _told(details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value not in ("", None)}


def _record(
    db: Session,
    kind: str,
    installation: Installation,
    *,
    by: Person | None,
    now: datetime,
    changes: Changes | None = None,
) -> None:
    record_change(
        db,
        kind,
        now=now,
        by=by,
        organisation_id=installation.organisation_id,
        what=installation.name,
        changes=changes or {},
    )
