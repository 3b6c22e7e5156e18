"""A manager changes the policy: every problem is named first, and nobody adopts blind.

A broken file never takes effect; the version in force goes on. Two managers can't overwrite each
other: who was slower is told, and keeps what they wrote.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from portal.cases import policies
from portal.cases.case import PolicyVersion
from portal.cases.policies import NoPolicyError, policy_in_force, read_or_none
from portal.cases.promise import Promise
from portal.events import record
from portal.locale import gettext as _
from portal.people.person import Person
from portal.policy.checking import Report, check_policy
from portal.policy.model import Policy
from portal.policy.previewing import Preview, preview
from portal.policy.problems import Problem
from portal.policy.sections.lines import line_of, lines_of_keys

_DATE = ("policy", "effective_from")


class NotAdoptedError(ValueError):
    """The policy can't take effect as it is; `report` names every problem."""

    def __init__(self, report: Report) -> None:
        super().__init__("\n".join(str(problem) for problem in report.errors))
        self.report = report


class AdoptedMeanwhileError(Exception):
    """Somebody adopted a version after this form was shown."""

    def __init__(self, latest: PolicyVersion) -> None:
        super().__init__(f"version {latest.version} was adopted meanwhile")
        self.latest = latest


class InForceError(Exception):
    """A version that took effect, or that promises refer to, can't be withdrawn."""


@dataclass(frozen=True)
class Standing:
    """All versions there are: which one is in force, which come, which are past."""

    in_force: PolicyVersion | None
    coming: tuple[PolicyVersion, ...]
    past: tuple[PolicyVersion, ...]
    broken: tuple[PolicyVersion, ...]
    latest_id: int


def standing(db: Session, *, now: datetime) -> Standing:
    """The versions by when they hold, the latest first."""
    versions = db.scalars(
        select(PolicyVersion).order_by(PolicyVersion.effective_from.desc(), PolicyVersion.id.desc())
    ).all()
    current = _current(db, now)
    return Standing(
        in_force=current[0] if current else None,
        coming=tuple(v for v in versions if v.effective_from > now),
        past=tuple(
            v for v in versions if v.effective_from <= now and (not current or v != current[0])
        ),
        broken=tuple(v for v in versions if read_or_none(v) is None),
        latest_id=latest_id(db),
    )


def latest_id(db: Session) -> int:
    """The youngest version there is; a form carries it to see whether another one came."""
    return db.scalar(select(func.max(PolicyVersion.id))) or 0


def find_version(db: Session, version_id: int) -> PolicyVersion | None:
    return db.get(PolicyVersion, version_id, options=[undefer(PolicyVersion.source)])


def version_before(db: Session, version: PolicyVersion) -> PolicyVersion | None:
    """The version that this one replaced, or will replace."""
    query = (
        select(PolicyVersion)
        .where(
            PolicyVersion.policy_id == version.policy_id,
            PolicyVersion.effective_from < version.effective_from,
        )
        .order_by(PolicyVersion.effective_from.desc(), PolicyVersion.id.desc())
        .limit(1)
    )
    return db.scalar(query)


def examine(db: Session, *, source: str, now: datetime, file_name: str = "policy.toml") -> Report:
    """Everything that is wrong with a new version, and everything worth knowing before it holds."""
    current = _current(db, now)
    newest = _newest(db) or (current[1] if current else None)
    report = check_policy(source, file_name, in_force=newest)
    if report.policy is None or newest is None:
        return report
    lines = lines_of_keys(source)
    late = _too_early(report.policy, now, file_name, line_of(_DATE, lines))
    return Report((*report.errors, *late), report.warnings, report.policy)


def compare(db: Session, *, policy: Policy, now: datetime) -> Preview:
    """A dozen standard moments under a new version, beside the version in force."""
    current = _current(db, now)
    return preview(policy, against=current[1] if current else None)


def adopt_change(
    db: Session, *, source: str, based_on: int, by: Person, now: datetime
) -> PolicyVersion:
    """Let a new version take effect on its date; nothing that was promised moves.

    Raises NotAdoptedError with every problem, AdoptedMeanwhileError.
    """
    youngest = select(PolicyVersion).order_by(PolicyVersion.id.desc()).limit(1)
    db.scalar(youngest.with_for_update())
    latest = db.scalar(youngest)
    if latest is not None and latest.id != based_on:
        raise AdoptedMeanwhileError(latest)
    return _adopt(db, source=source, report=examine(db, source=source, now=now), by=by, now=now)


def adopt_from_shell(db: Session, *, source: str, file_name: str, now: datetime) -> PolicyVersion:
    """Let a file take effect after the same checks as on the page.

    Raises NotAdoptedError with every problem.
    """
    report = examine(db, source=source, now=now, file_name=file_name)
    return _adopt(db, source=source, report=report, by=None, now=now)


def _adopt(
    db: Session, *, source: str, report: Report, by: Person | None, now: datetime
) -> PolicyVersion:
    if report.errors:
        raise NotAdoptedError(report)
    version = policies.adopt(db, source=source, now=now, by=by)
    record(
        db,
        "policy_adopted",
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        is_internal=True,
        policy=version.policy_id,
        version=version.version,
        effective_from=version.effective_from.isoformat(),
    )
    return version


def withdraw(db: Session, *, version: PolicyVersion, by: Person, now: datetime) -> None:
    """Take back a version that has not taken effect. Raises InForceError."""
    used = select(Promise.id).where(Promise.policy_version_id == version.id).limit(1)
    if version.effective_from <= now or db.scalar(used) is not None:
        raise InForceError(f"version {version.version} is in force")
    record(
        db,
        "policy_withdrawn",
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        is_internal=True,
        policy=version.policy_id,
        version=version.version,
    )
    db.delete(version)
    db.flush()


def _current(db: Session, now: datetime) -> tuple[PolicyVersion, Policy] | None:
    try:
        return policy_in_force(db, now=now)
    except NoPolicyError:
        return None


def _newest(db: Session) -> Policy | None:
    """The version that begins last, also one that has not taken effect yet."""
    query = select(PolicyVersion).order_by(
        PolicyVersion.effective_from.desc(), PolicyVersion.id.desc()
    )
    found = (read_or_none(version) for version in db.scalars(query))
    return next((policy for policy in found if policy is not None), None)


def _too_early(
    policy: Policy, now: datetime, file_name: str, line: int | None
) -> tuple[Problem, ...]:
    today = now.astimezone(policy.zone).date()
    if policy.effective_from >= today:
        return ()
    wrong = _("It lies in the past, and what was promised since then does not move.")
    remedy = _("Write %(day)s or a later day.", day=today)
    return (Problem(file_name, line, "policy.effective_from", wrong, remedy),)
