"""The four kinds of table: their columns, what each takes, and by what a row is known again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.locale import gettext as _
from portal.people.importing import cells
from portal.people.importing.cells import Parse
from portal.people.importing.faults import Fault


class Kind(StrEnum):
    """What the rows of a file are."""

    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    CONTRACTS = "contracts"
    INSTALLATIONS = "installations"


@dataclass(frozen=True)
class Column:
    """One column: how a cell is read, whether it must hold something, and what a new row has
    where the column or the cell is missing.
    """

    parse: Parse
    required: bool = False
    otherwise: Any = ""


_ENDED = Column(cells.flag, otherwise=False)
_COLUMNS: dict[Kind, dict[str, Column]] = {
    Kind.ORGANISATIONS: {
        "slug": Column(cells.slug, required=True),
        "name": Column(cells.line, required=True),
        "partner": Column(cells.line),
        "liaison": Column(cells.line),
        "ended": _ENDED,
    },
    Kind.PEOPLE: {
        "email": Column(cells.email, required=True),
        "name": Column(cells.line, required=True),
        "organisation": Column(cells.line),
        "phone": Column(cells.phone),
        "time_zone": Column(cells.zone, otherwise=None),
        "emergency_contact": Column(cells.flag, otherwise=False),
        "technical_contact": Column(cells.flag, otherwise=False),
        "organisation_manager": Column(cells.flag, otherwise=False),
        "sees_organisation_cases": Column(cells.flag, otherwise=True),
        "ended": _ENDED,
    },
    Kind.CONTRACTS: {
        "organisation": Column(cells.line, required=True),
        "name": Column(cells.line, required=True),
        "plan": Column(cells.line),
        "starts_on": Column(cells.day, required=True),
        "ends_on": Column(cells.day, required=True),
        "entitlements": Column(cells.lines, otherwise=()),
    },
    Kind.INSTALLATIONS: {
        "organisation": Column(cells.line, required=True),
        "name": Column(cells.line, required=True),
        "ended": _ENDED,
    },
}
KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ORGANISATIONS: ("slug",),
    Kind.PEOPLE: ("email",),
    Kind.CONTRACTS: ("organisation", "name", "starts_on"),
    Kind.INSTALLATIONS: ("organisation", "name"),
}
_OTHER_NAMES = {
    "short_name": "slug",
    "e_mail": "email",
    "email_address": "email",
    "e_mail_address": "email",
    "organization": "organisation",
    "liaison_name": "liaison",
    "telephone": "phone",
    "telephone_number": "phone",
    "timezone": "time_zone",
    "start": "starts_on",
    "first_day": "starts_on",
    "end": "ends_on",
    "last_day": "ends_on",
    "site": "name",
}


def columns_of(kind: Kind, details: Iterable[str] = ()) -> dict[str, Column]:
    """The columns of a kind; `details` are the policy's fields that an installation keeps."""
    more = details if kind is Kind.INSTALLATIONS else ()
    return _COLUMNS[kind] | {
        name: Column(cells.text) for name in more if name not in _COLUMNS[kind]
    }


def named(head: str) -> str:
    """The name of a column, however its head is written: "E-mail address" is email."""
    plain = re.sub(r"[^0-9a-z]+", "_", head.casefold()).strip("_")
    return _OTHER_NAMES.get(plain, plain)


def kind_of(heads: Sequence[str]) -> Kind | None:
    """What a file holds, by the columns that only one kind has."""
    names = {named(head) for head in heads}
    if "email" in names:
        return Kind.PEOPLE
    if "starts_on" in names:
        return Kind.CONTRACTS
    if "slug" in names:
        return Kind.ORGANISATIONS
    return Kind.INSTALLATIONS if {"organisation", "name"} <= names else None


def check_heads(heads: Sequence[str], columns: Mapping[str, Column]) -> list[Fault]:
    """Columns that are unknown, twice there, or missing."""
    names = [named(head) for head in heads]
    faults = []
    for head, name in zip(heads, names, strict=True):
        if name not in columns:
            wrong = _("There is no such column as “%(column)s”.", column=head[:80])
            right = _("Take it out, or use %(columns)s.", columns=", ".join(columns))
            faults.append(Fault(1, head[:80], wrong, right))
    for name in dict.fromkeys(each for each in names if names.count(each) > 1):
        faults.append(Fault(1, name, _("The column is there twice."), _("Take one out.")))
    for name, column in columns.items():
        if column.required and name not in names:
            right = _("Add a column %(name)s.", name=name)
            faults.append(Fault(1, name, _("The column is missing."), right))
    return faults
