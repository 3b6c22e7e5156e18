"""The same tables the other way: what is exported can be imported again, and changes nothing."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.people.importing.kinds import Kind, columns_of
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person, Role
from portal.spreadsheet import table

Rows = Iterator[Sequence[str]]


def export_table(db: Session, kind: Kind, *, details: Iterable[str] = ()) -> str:
    """All of one kind as CSV; `details` are the fields that the policy keeps with installations."""
    heads = list(columns_of(kind, details))
    if kind is Kind.ORGANISATIONS:
        return table(heads, _organisations(db))
    if kind is Kind.PEOPLE:
        return table(heads, _people(db))
    if kind is Kind.CONTRACTS:
        return table(heads, _contracts(db))
    return table(heads, _installations(db, heads[3:]))


def _organisations(db: Session) -> Rows:
    partner = aliased(Organisation)
    query = select(Organisation, partner.slug).outerjoin(
        partner, Organisation.partner_id == partner.id
    )
    for one, slug in db.execute(query.order_by(Organisation.slug)):
        yield one.slug, one.name, slug or "", one.liaison_name, _said(one.ended_at is not None)


def _people(db: Session) -> Rows:
    query = select(Person, Organisation.slug).outerjoin(
        Organisation, Person.organisation_id == Organisation.id
    )
    contacts = query.where(Person.role == Role.CONTACT).order_by(Person.email)
    for one, slug in db.execute(contacts):
        yield (
            one.email,
            one.name,
            slug or "",
            one.phone,
            one.time_zone or "",
            _said(one.is_emergency_contact),
            _said(one.is_technical_contact),
            _said(one.is_organisation_manager),
            _said(one.sees_organisation_cases),
            _said(one.disabled_at is not None),
        )


def _contracts(db: Session) -> Rows:
    """Without those that were withdrawn: they were mistakes."""
    query = select(Contract, Organisation.slug).join(Contract.organisation)
    query = query.where(Contract.ended_at.is_(None))
    for one, slug in db.execute(query.order_by(Organisation.slug, Contract.starts_on, Contract.id)):
        yield (
            slug,
            one.name,
            one.plan,
            one.starts_on.isoformat(),
            one.ends_on.isoformat(),
            "\n".join(one.entitlements),
        )


def _installations(db: Session, details: Sequence[str]) -> Rows:
    query = select(Installation, Organisation.slug).join(Installation.organisation)
    for one, slug in db.execute(query.order_by(Organisation.slug, Installation.name)):
        told = [str(one.details.get(name) or "") for name in details]
        yield slug, one.name, _said(one.ended_at is not None), *told


def _said(is_so: bool) -> str:
    return "yes" if is_so else "no"
