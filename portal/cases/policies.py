"""Which policy holds now: every version that was ever in force is kept with the holidays it meant.

A new version begins at its own date; what was promised under an older one stays.
"""

import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import PolicyVersion
from portal.cases.promise import Promise
from portal.knowledge.noting import touch
from portal.locale import SPOKEN_IN_CODE, speaking
from portal.locale import gettext as _
from portal.people.person import Person
from portal.policy.loading import load_policy
from portal.policy.model import Policy
from portal.policy.problems import PolicyError, Problem
from portal.policy.versions import takes_effect_at

_log = logging.getLogger(__name__)


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
        effective_from=_begins(db, policy, now),
        source=source,
        holiday_snapshot=snapshot,
        content_hash=content_hash,
        created_at=now,
        created_by_id=by.id if by else None,
    )
    db.add(version)
    db.info.pop(_KEPT_AS, None)
    touch(db, "site", now=now)
    return version


def policy_in_force(db: Session, *, now: datetime) -> tuple[PolicyVersion, Policy]:
    """The version that holds at `now`. Raises NoPolicyError when none was adopted."""
    for version in reversed(versions_kept(db)):
        if version.effective_from <= now and (policy := read_or_none(version)) is not None:
            return version, policy
    raise NoPolicyError(
        f"no policy in force at {now.isoformat()}: adopt one by `portal policy adopt FILE`"
    )


def versions_kept(db: Session) -> Sequence[PolicyVersion]:
    """Every version of every policy, the one that begins last at the end; asked for once in each
    transaction, since every clock of a request needs them.
    """
    asked_in, kept = db.info.get(_KEPT_AS, (None, ()))
    if asked_in is None or asked_in is not db.get_transaction():
        versions = db.scalars(_VERSIONS).all()
        db.info[_KEPT_AS] = (db.get_transaction(), versions)
        return versions
    return tuple(kept)


def readable(versions: Iterable[PolicyVersion]) -> list[tuple[PolicyVersion, Policy]]:
    """The versions that can be used, with their policies; the others are passed over and logged."""
    pairs = ((version, read_or_none(version)) for version in versions)
    return [(version, policy) for version, policy in pairs if policy is not None]


def read_or_none(version: PolicyVersion) -> Policy | None:
    """The policy of a stored version; None, told once in the log, when it can't be used any more.

    Then the version before it goes on: a broken policy never takes the portal down.
    """
    try:
        return load(version)
    except PolicyError:
        if version.content_hash not in _told:
            _told.add(version.content_hash)
            _log.error(
                "policy %s version %s can't be used, the version before it goes on: %s Adopt a "
                "corrected version at /desk/policies.",
                version.policy_id,
                version.version,
                _problem_in_english(version),
            )
        return None


def _problem_in_english(version: PolicyVersion) -> Problem | None:
    """The log is read by operators, whatever the language of the request."""
    with speaking(SPOKEN_IN_CODE):
        return problem_of(version)


def problem_of(version: PolicyVersion) -> Problem | None:
    """What keeps a stored version from being used; None when it can be."""
    try:
        load(version)
    except PolicyError as error:
        return error.problems[0]
    return None


def _begins(db: Session, policy: Policy, now: datetime) -> datetime:
    """Its day's beginning; but what was promised until now stays under the version before it.

    Instants are whole seconds: what was promised in this very second counts as promised before.
    """
    begins = takes_effect_at(policy)
    earlier = select(PolicyVersion.id).where(PolicyVersion.policy_id == policy.id).limit(1)
    if db.scalar(earlier) is None:
        return begins
    promised_now = select(Promise.id).where(Promise.made_at == now).limit(1)
    is_shared = db.scalar(promised_now) is not None
    return max(begins, now + timedelta(seconds=1) if is_shared else now)


def load(version: PolicyVersion) -> Policy:
    """The policy of a stored version, with the holidays stored with it; read once per content."""
    key = (version.content_hash, version.effective_from)
    with _lock:
        if (known := _read.get(key)) is not None:
            _read.move_to_end(key)
            return known
    policy = _read_stored(version)
    if version.effective_from != takes_effect_at(policy):
        policy = replace(policy, in_force_from=version.effective_from)
    with _lock:
        _read[key] = policy
        while len(_read) > _KEPT:
            _read.popitem(last=False)
    return policy


def _read_stored(version: PolicyVersion) -> Policy:
    try:
        return load_policy(version.source, holiday_snapshot=version.holiday_snapshot)
    except PolicyError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        wrong, remedy = _("The holidays stored with it are damaged."), _("Restore a backup.")
        problem = Problem("policy.toml", None, "holidays", wrong, remedy, "damaged")
        raise PolicyError((problem,)) from error


_VERSIONS = select(PolicyVersion).order_by(PolicyVersion.effective_from, PolicyVersion.id)
_KEPT_AS = "policy_versions"
_KEPT = 32
_told: set[str] = set()
_read: OrderedDict[tuple[str, datetime], Policy] = OrderedDict()
_lock = Lock()
