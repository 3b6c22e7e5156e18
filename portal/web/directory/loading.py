"""Load what a page of the directory is about; locked when the request is going to change it."""

from flask import abort, request

from portal.people import directory
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person
from portal.web.identity import current_person
from portal.web.transaction import READING_METHODS, db


def keeper() -> Person:
    """The member of staff who is asking; the route let nobody else in."""
    return current_person() or abort(404)


def load_organisation(slug: str) -> Organisation:
    return directory.find_organisation_to_keep(db(), slug, lock=_changes()) or abort(404)


def load_contract(organisation: Organisation, contract_id: int) -> Contract:
    return directory.find_contract(db(), organisation, contract_id, lock=_changes()) or abort(404)


def load_installation(organisation: Organisation, installation_id: int) -> Installation:
    found = directory.find_installation(db(), organisation, installation_id, lock=_changes())
    return found or abort(404)


def load_person(person_id: int) -> Person:
    return directory.find_person_to_keep(db(), person_id, lock=_changes()) or abort(404)


def page_number() -> int:
    asked = request.args.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 1


def _changes() -> bool:
    return request.method not in READING_METHODS
