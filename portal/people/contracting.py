"""Contracts: what an organisation is entitled to, from which day to which.

A contract is changed, or withdrawn when it was entered by mistake; it is never deleted.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.people.changes import Changes, apply, record_change
from portal.people.naming import check_name
from portal.people.organisation import Contract, Organisation
from portal.people.person import Person


class ReversedDatesError(ValueError):
    """The contract would end before it starts."""


def add_contract(
    db: Session,
    *,
    organisation: Organisation,
    name: str,
    starts_on: date,
    ends_on: date,
    now: datetime,
    plan: str = "",
    entitlements: Sequence[str] = (),
    by: Person | None = None,
) -> Contract:
    """Entitle an organisation from the first to the last day.

    Raises ReversedDatesError and NameTakenError.
    """
    _check(name, starts_on, ends_on)
    check_name(db, Contract, name, organisation_id=organisation.id)
    contract = Contract(
        name=name,
        plan=plan,
        starts_on=starts_on,
        ends_on=ends_on,
        entitlements=list(entitlements),
    )
    organisation.contracts.append(contract)
    db.flush()
    record_change(
        db,
        "contract_added",
        now=now,
        by=by,
        organisation_id=organisation.id,
        what=name,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
    )
    return contract


def change_contract(
    db: Session,
    *,
    contract: Contract,
    name: str,
    plan: str,
    starts_on: date,
    ends_on: date,
    entitlements: Sequence[str],
    by: Person | None,
    now: datetime,
) -> Changes:
    """Change its name, plan, days or what it covers. Raises ReversedDatesError, NameTakenError."""
    _check(name, starts_on, ends_on)
    check_name(db, Contract, name, organisation_id=contract.organisation_id, but=contract)
    values = {
        "name": name,
        "plan": plan,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "entitlements": list(entitlements),
    }
    if changes := apply(contract, values):
        _record(db, "contract_changed", contract, by=by, now=now, changes=changes)
    return changes


def withdraw_contract(db: Session, *, contract: Contract, by: Person | None, now: datetime) -> None:
    """It was entered by mistake: it covers no day."""
    if contract.ended_at is None:
        contract.ended_at = now
        _record(db, "contract_withdrawn", contract, by=by, now=now)


def restore_contract(db: Session, *, contract: Contract, by: Person | None, now: datetime) -> None:
    """It was right after all."""
    if contract.ended_at is not None:
        contract.ended_at = None
        _record(db, "contract_restored", contract, by=by, now=now)


def _check(name: str, starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise ReversedDatesError(f"the contract {name!r} would end before it starts")


def _record(
    db: Session,
    kind: str,
    contract: Contract,
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
        organisation_id=contract.organisation_id,
        what=contract.name,
        changes=changes or {},
    )
