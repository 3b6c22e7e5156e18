"""Who may give whom which role.

Managers keep contacts, writers and agents; managers and administrators are kept by administrators
alone, and there is always one administrator left who can sign in.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.locale import gettext as _
from portal.people.person import Person, Role

_BY_MANAGERS = (Role.CONTACT, Role.WRITER, Role.AGENT)


class NotTheirsError(Exception):
    """This person is kept by administrators."""


class LastAdministratorError(Exception):
    """Without this person nobody could administer the portal."""


def roles_given_by(person: Person | None) -> tuple[Role, ...]:
    """The roles that this person may give; None is the operator at a shell."""
    if person is None or person.may_administer:
        return tuple(Role)
    return _BY_MANAGERS if person.may_manage else ()


def may_keep(by: Person | None, person: Person) -> bool:
    """Whether `by` may change, invite or shut out this person."""
    return person.role in roles_given_by(by)


def check_may_keep(by: Person | None, person: Person) -> None:
    """Raise NotTheirsError unless `by` may keep this person."""
    if not may_keep(by, person):
        raise NotTheirsError(f"{person.name} is kept by administrators")


def check_not_last_administrator(db: Session, *leaving: Person) -> None:
    """Raise LastAdministratorError when no other administrator could sign in."""
    last = next((person for person in leaving if person.role is Role.ADMINISTRATOR), None)
    if last is None:
        return
    query = select(Person).where(Person.role == Role.ADMINISTRATOR)
    everybody = db.scalars(query.with_for_update()).all()  # two could remove each other at once
    if not any(person.may_sign_in for person in everybody if person not in leaving):
        raise LastAdministratorError(_("%(name)s is the last administrator", name=last.name))
