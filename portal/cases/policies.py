"""Which policy holds now: every version that was ever in force is kept with the holidays it meant.

A new version begins at its own date; what was promised under an older one stays.
"""

import hashlib
import json
from collections import OrderedDict
from datetime import datetime
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import PolicyVersion
from portal.people.person import Person
from portal.policy.loading import load_policy
from portal.policy.model import Policy
from portal.policy.versions import takes_effect_at


class NoPolicyError(LookupError):
    """No policy is in force yet: the portal can't promise anything."""


def adopt(db: Session, *, source: str, now: datetime, by: Person | None = None) -> PolicyVersion:
    """Take a policy file into force from its own `effective_from` on (local midnight).

    The same file again is the version that stands already. Raises PolicyError, naming every
    problem, when the file is wrong; then nothing changes.
    """
    policy = load_policy(source)
    snapshot = policy.holiday_snapshot()
    text = source + json.dumps(snapshot, sort_keys=True)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    query = select(PolicyVersion).where(PolicyVersion.content_hash == content_hash)
    if (standing := db.scalar(query)) is not None:
        return standing
    version = PolicyVersion(
        policy_id=policy.id,
        version=policy.version,
        effective_from=takes_effect_at(policy),
        source=source,
        holiday_snapshot=snapshot,
        content_hash=content_hash,
        created_at=now,
        created_by_id=by.id if by else None,
    )
    db.add(version)
    db.flush()
    return version


def policy_in_force(db: Session, *, now: datetime) -> tuple[PolicyVersion, Policy]:
    """The version that holds at `now`. Raises NoPolicyError when none was adopted."""
    query = (
        select(PolicyVersion)
        .where(PolicyVersion.effective_from <= now)
        .order_by(PolicyVersion.effective_from.desc(), PolicyVersion.id.desc())
        .limit(1)
    )
    if (version := db.scalar(query)) is None:
        raise NoPolicyError(f"no policy in force at {now.isoformat()}: run `portal policy adopt`")
    return version, load(version)


def load(version: PolicyVersion) -> Policy:
    """The policy of a stored version, with the holidays stored with it; read once per content."""
    with _lock:
        if (known := _read.get(version.content_hash)) is not None:
            _read.move_to_end(version.content_hash)
            return known
    policy = load_policy(version.source, holiday_snapshot=version.holiday_snapshot)
    with _lock:
        _read[version.content_hash] = policy
        while len(_read) > _KEPT:
            _read.popitem(last=False)
    return policy


_KEPT = 32
_read: OrderedDict[str, Policy] = OrderedDict()
_lock = Lock()
