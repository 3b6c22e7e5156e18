"""Nobody is asked twice: what the account, the installation and the last case tell is filled in."""

from typing import Any

from sqlalchemy.orm import Session

from portal.cases.queries import last_case_of
from portal.people.organisation import Installation, Organisation
from portal.people.person import Person
from portal.policy.asking import Field
from portal.policy.model import Policy


def known_answers(
    db: Session,
    policy: Policy,
    *,
    person: Person,
    organisation: Organisation | None,
    installation: Installation | None = None,
) -> dict[str, str]:
    """Answers to fields of the policy that are known already, by field id.

    What is kept with the installation is taken from there, else from the last case about it.
    """
    last = last_case_of(
        db, person=person, installation_id=installation.id if installation else None
    )
    earlier: dict[str, Any] = last.details if last else {}
    installed: dict[str, Any] = installation.details if installation else {}
    about = _about(person, organisation)
    found = {}
    for asked in policy.fields:
        answer = about.get(asked.id) or installed.get(asked.id) or _lasting(asked, earlier)
        if answer:
            found[asked.id] = str(answer)
    return found


def _about(person: Person, organisation: Organisation | None) -> dict[str, str]:
    return {
        "contact_name": person.name,
        "contact_email": person.email,
        "contact_phone": person.phone,
        "company_name": organisation.name if organisation else "",
    }


def _lasting(asked: Field, earlier: dict[str, Any]) -> str:
    """Only what stays the same from case to case; what happened is told anew."""
    return str(earlier.get(asked.id) or "") if asked.stored_in != "case" else ""
