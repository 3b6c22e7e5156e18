"""Contracts and installations of one organisation are told apart by their names, on pages and in
imported tables.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people.organisation import Contract, Installation

Named = Contract | Installation


class NameTakenError(ValueError):
    """Another one of the same organisation has this name."""


def check_name(
    db: Session, kind: type[Named], name: str, *, organisation_id: int, but: Named | None = None
) -> None:
    """Raise NameTakenError when another one, be it an ended one, has this name."""
    query = select(kind.id, kind.name).where(kind.organisation_id == organisation_id)
    for row in db.execute(query):
        is_other = but is None or row.id != but.id
        if is_other and row.name.casefold() == name.casefold():
            raise NameTakenError(name)
