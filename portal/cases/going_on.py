"""A follow-up case begins with everything that the case before it told: nothing is told twice.

What happened is told anew; who asks, about what, and the details stay as they were.
"""

from typing import Any

from portal.cases.case import Case


def told_before(case: Case) -> dict[str, Any]:
    """Answers for the form of a case that goes on from `case`, under the names that it uses."""
    told = {
        "request_kind": case.request_kind,
        "organisation_id": str(case.organisation_id or ""),
        "contact_name": case.contact_name,
        "contact_email": case.contact_email,
        "contact_phone": case.contact_phone,
        **{name: answer for name, answer in case.details.items() if answer},
    }
    if case.installation_id is not None:
        told["installation_id"] = case.installation_id
    return {name: answer for name, answer in told.items() if answer}
