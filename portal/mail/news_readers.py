"""Whom news concern at customers: of each organisation with a contract in force its technical
contacts, or all contacts where it has none.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.contract_check import day_of_contracts
from portal.people.organisation import Contract, Organisation
from portal.people.person import Person, Role


def covered(db: Session, *, plans: Collection[str] = (), now: datetime) -> set[int]:
    """Ids of the organisations with a contract in force, of one of `plans` if there are any."""
    today = day_of_contracts(db, now=now)
    query = select(Contract.organisation_id).where(
        Contract.starts_on <= today, Contract.ends_on >= today, Contract.ended_at.is_(None)
    )
    return set(db.scalars(query.where(Contract.plan.in_(plans)) if plans else query))


def contacts(db: Session) -> list[Person]:
    """Everybody who may sign in for a customer, or for themselves."""
    query = (
        select(Person)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Person.role == Role.CONTACT,
            Person.disabled_at.is_(None),
            Organisation.ended_at.is_(None),
        )
    )
    return list(db.scalars(query.order_by(Person.id)))


def who_hear(db: Session, organisation_ids: Collection[int]) -> list[Person]:
    """Those at these organisations to whom news are told."""
    people = [one for one in contacts(db) if one.organisation_id in organisation_ids]
    technical = {one.organisation_id for one in people if one.is_technical_contact}
    return [
        one for one in people if one.is_technical_contact or one.organisation_id not in technical
    ]
