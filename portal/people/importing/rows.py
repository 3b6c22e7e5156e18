"""What a row does: it takes up what is new, changes what is known, and leaves what is the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.locale import gettext as _
from portal.people import contracting, enrolling, installing, registering
from portal.people.importing.faults import CellError
from portal.people.importing.kinds import Kind
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person
from portal.people.queries import find_by_email, find_organisation
from portal.people.roles import LastAdministratorError

Values = Mapping[str, Any]
_FLAGS = {
    "emergency_contact": "is_emergency_contact",
    "technical_contact": "is_technical_contact",
    "organisation_manager": "is_organisation_manager",
    "sees_organisation_cases": "sees_organisation_cases",
}


class Done(StrEnum):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


class ColumnError(Exception):
    """A row can't be taken because of what stands in one column."""

    def __init__(self, column: str, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.column, self.error = column, CellError(wrong, right)


@dataclass(frozen=True)
class Clerk:
    """Who imports, and when."""

    db: Session
    by: Person | None
    now: datetime

    @property
    def signed(self) -> dict[str, Any]:
        return {"by": self.by, "now": self.now}


def take(clerk: Clerk, kind: Kind, values: Values) -> Done:
    """Store one row. `values` holds the columns that the file has. Raises ColumnError."""
    return _TAKE[kind](clerk, values)


def _organisation(clerk: Clerk, values: Values) -> Done:
    found = find_organisation(clerk.db, values["slug"])
    if found is None:
        found = enrolling.add_organisation(
            clerk.db, slug=values["slug"], name=values["name"], **clerk.signed
        )
        done = Done.ADDED
    else:
        done = Done.SAME
    partner = clerk.db.get(Organisation, found.partner_id) if found.partner_id else None
    if "partner" in values:
        partner = _named(clerk, "partner", values["partner"])
    try:
        changes = enrolling.change_organisation(
            clerk.db,
            organisation=found,
            name=values["name"],
            partner=partner,
            liaison_name=values.get("liaison", found.liaison_name),
            **clerk.signed,
        )
    except enrolling.OwnPartnerError:
        raise ColumnError(
            "partner", _("It can’t be the partner of its own partner."), _("Name another one.")
        ) from None
    acts = (enrolling.end_organisation, enrolling.resume_organisation)
    try:
        is_ended = _end(clerk, "organisation", found, values, acts)
    except LastAdministratorError as error:
        raise ColumnError(
            "ended", f"{error}.", _("Make somebody else an administrator first.")
        ) from None
    return _outcome(done, bool(changes) or is_ended)


def _person(clerk: Clerk, values: Values) -> Done:
    found = find_by_email(clerk.db, values["email"])
    if found is not None and found.is_staff:
        raise ColumnError(
            "email", _("It belongs to a member of staff."), _("Staff are kept on their own pages.")
        )
    told = {target: values[name] for name, target in _FLAGS.items() if name in values}
    told |= {name: values[name] for name in ("name", "phone", "time_zone") if name in values}
    if "organisation" in values:
        told["organisation"] = _named(clerk, "organisation", values["organisation"])
    if found is None:
        made = registering.add_person(clerk.db, email=values["email"], **told, **clerk.signed)
        _end(clerk, "person", made, values, (registering.disable, registering.enable))
        return Done.ADDED
    stands = {name: getattr(found, name) for name in ("phone", "time_zone", "organisation")}
    stands |= {target: getattr(found, target) for target in _FLAGS.values()}
    changes = registering.change_person(
        clerk.db, person=found, email=found.email, **(stands | told), **clerk.signed
    )
    acts = (registering.disable, registering.enable)
    is_ended = _end(clerk, "person", found, values, acts, stands_at=found.disabled_at)
    return _outcome(Done.SAME, bool(changes) or is_ended)


def _contract(clerk: Clerk, values: Values) -> Done:
    owner = _owner(clerk, values)
    query = select(Contract).where(
        Contract.organisation_id == owner.id,
        Contract.name == values["name"],
        Contract.starts_on == values["starts_on"],
        Contract.ended_at.is_(None),
    )
    found = clerk.db.scalars(query.order_by(Contract.id)).first()
    told = {
        "name": values["name"],
        "starts_on": values["starts_on"],
        "ends_on": values["ends_on"],
        "plan": values.get("plan", found.plan if found else ""),
        "entitlements": values.get("entitlements", found.entitlements if found else ()),
    }
    try:
        if found is None:
            done, changes = Done.ADDED, {}
            contracting.add_contract(clerk.db, organisation=owner, **told, **clerk.signed)
        else:
            done = Done.SAME
            changes = contracting.change_contract(clerk.db, contract=found, **told, **clerk.signed)
    except contracting.ReversedDatesError:
        raise ColumnError(
            "ends_on", _("The last day is before the first."), _("Look at both days.")
        ) from None
    return _outcome(done, bool(changes))


def _installation(clerk: Clerk, values: Values) -> Done:
    owner = _owner(clerk, values)
    query = select(Installation).where(
        Installation.organisation_id == owner.id, Installation.name == values["name"]
    )
    found = clerk.db.scalars(query.order_by(Installation.id)).first()
    own = {"organisation", "name", "ended"}
    details = {name: value for name, value in values.items() if name not in own}
    if found is None:
        done, changes = Done.ADDED, {}
        found = installing.add_installation(
            clerk.db, organisation=owner, name=values["name"], details=details, **clerk.signed
        )
    else:
        done = Done.SAME
        changes = installing.change_installation(
            clerk.db, installation=found, name=found.name, details=details, **clerk.signed
        )
    acts = (installing.retire_installation, installing.restore_installation)
    return _outcome(done, _end(clerk, "installation", found, values, acts) or bool(changes))


_TAKE: dict[Kind, Callable[[Clerk, Values], Done]] = {
    Kind.ORGANISATIONS: _organisation,
    Kind.PEOPLE: _person,
    Kind.CONTRACTS: _contract,
    Kind.INSTALLATIONS: _installation,
}


def _owner(clerk: Clerk, values: Values) -> Organisation:
    owner = _named(clerk, "organisation", values["organisation"])
    assert owner is not None
    return owner


def _named(clerk: Clerk, column: str, slug: str) -> Organisation | None:
    found = find_organisation(clerk.db, slug) if slug else None
    if slug and found is None:
        raise ColumnError(
            column,
            _("There is no organisation “%(name)s”.", name=slug[:80]),
            _("Write its short name, and import organisations first."),
        )
    return found


def _end(
    clerk: Clerk,
    what: str,
    found: Any,
    values: Values,
    acts: tuple[Callable[..., None], Callable[..., None]],
    *,
    stands_at: datetime | None = None,
) -> bool:
    """End it or take it up again, as the file says; whether that changed anything."""
    if "ended" not in values:
        return False
    is_over = (stands_at or getattr(found, "ended_at", None)) is not None
    if values["ended"] == is_over:
        return False
    end, resume = acts
    (end if values["ended"] else resume)(clerk.db, **{what: found}, **clerk.signed)
    return True


def _outcome(done: Done, is_changed: bool) -> Done:
    return Done.CHANGED if done is Done.SAME and is_changed else done
