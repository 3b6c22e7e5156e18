"""Cases for tests, opened through the same acts as real ones, under any of the four policies."""

import io
import zipfile
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.case import Case, PolicyVersion
from portal.cases.policies import adopt, policy_in_force
from portal.cases.request import Request
from portal.cases.submission import open_case
from portal.people.person import Person
from portal.policy.asking import Field
from portal.policy.intake import asked_fields
from portal.policy.model import Policy
from portal.policy.profiles import profile_source
from tests import cast


def adopted(db: Session, name: str = "communicado", *, now: datetime) -> PolicyVersion:
    """One of the portal's own policies, in force."""
    return adopt(db, source=profile_source(name), now=now)


def answers_to(policy: Policy, **given: Any) -> dict[str, Any]:
    """An answer to everything that the policy requires; `given` ones win."""
    answers: dict[str, Any] = dict(given)
    for _ in range(3):  # one answer may call for another
        for field in asked_fields(policy, answers=answers):
            answers.setdefault(field.id, _plausible(field))
    return answers


def opened(
    db: Session,
    *,
    person: Person | None,
    now: datetime,
    subject: str = "Phones don't ring",
    priority: str = "",
    **given: Any,
) -> Case:
    """A case under the policy in force: of a contact, or of the guest Gus."""
    _, policy = policy_in_force(db, now=now)
    said = {
        "summary": subject,
        "description": f"{subject}.\nWe restarted twice.",
        "contact_name": person.name if person else "Gus Guest",
        "contact_email": person.email if person else cast.GUEST_EMAIL,
        "contact_phone": "+49 30 5550100",
        "chosen_priority": priority,
    }
    answers = answers_to(policy, **(said | given))
    return open_case(db, request=Request(answers, person), now=now)


def _plausible(field: Field) -> str:
    if field.kind == "yes_no":
        return "no"
    return field.choices[0] if field.choices else f"Some {field.id}"


def zipped() -> bytes:
    """A small ZIP file, whole; the same bytes at any time."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), "hello")
    return whole.getvalue()
