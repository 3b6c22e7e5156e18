"""Finding people and organisations."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from portal.people.organisation import Contract, Organisation
from portal.people.person import Person, Role
from portal.people.team import Team


def normal_email(email: str) -> str:
    """The one form in which addresses are stored and looked up."""
    return email.strip().casefold()


def find_by_email(db: Session, email: str) -> Person | None:
    return db.scalar(select(Person).where(Person.email == normal_email(email)))


def find_person(db: Session, person_id: int) -> Person | None:
    return db.get(Person, person_id)


def find_organisation(db: Session, slug: str) -> Organisation | None:
    return db.scalar(select(Organisation).where(Organisation.slug == slug))


def organisations(db: Session) -> list[Organisation]:
    """Every customer, by name; not those that ended."""
    return list(
        db.scalars(
            select(Organisation).where(Organisation.ended_at.is_(None)).order_by(Organisation.name)
        )
    )


def contacts_of(db: Session, organisation: Organisation) -> list[Person]:
    """The people of an organisation that may still sign in."""
    query = select(Person).where(
        Person.organisation_id == organisation.id, Person.disabled_at.is_(None)
    )
    return list(db.scalars(query.order_by(Person.name)))


def customers_of(db: Session, partner: Organisation) -> list[Organisation]:
    """The organisations for which a partner files cases now."""
    query = select(Organisation).where(
        Organisation.partner_id == partner.id, Organisation.ended_at.is_(None)
    )
    return list(db.scalars(query.order_by(Organisation.name)))


def is_partner(db: Session, organisation: Organisation) -> bool:
    """Whether it files cases for other organisations now."""
    return db.scalar(_CUSTOMER, {"partner_id": organisation.id}) is not None


_CUSTOMER = (
    select(Organisation.id)
    .where(Organisation.partner_id == bindparam("partner_id"), Organisation.ended_at.is_(None))
    .limit(1)
)


def staff(db: Session) -> list[Person]:
    """Everybody who helps customers and may still sign in."""
    query = select(Person).where(Person.role != Role.CONTACT, Person.disabled_at.is_(None))
    return list(db.scalars(query.order_by(Person.name)))


def case_workers(db: Session) -> list[Person]:
    """Staff to whom a case can be assigned."""
    return [person for person in staff(db) if person.may_work_cases]


def managers(db: Session) -> list[Person]:
    """Managers and administrators: those who keep policies and organisations."""
    return [person for person in staff(db) if person.may_manage]


def writers(db: Session) -> list[Person]:
    """Staff who may write articles."""
    return [person for person in staff(db) if person.may_write_articles]


def administrators(db: Session) -> list[Person]:
    return [person for person in staff(db) if person.role is Role.ADMINISTRATOR]


def names_of(db: Session, ids: Iterable[int]) -> dict[int, str]:
    """The names of these people, by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    query = select(Person.id, Person.name).where(Person.id.in_(wanted))
    return {row.id: row.name for row in db.execute(query)}


def standing_teams(db: Session) -> list[Team]:
    """Teams to which cases go, by level and name, with their members."""
    query = select(Team).where(Team.retired_at.is_(None)).options(selectinload(Team.members))
    return list(db.scalars(query.order_by(Team.level, Team.name)))


def plans_in_contracts(db: Session) -> list[str]:
    """Every plan that a contract names."""
    query = select(Contract.plan).where(Contract.plan != "").distinct()
    return sorted(db.scalars(query))
