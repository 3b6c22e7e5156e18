"""Does the person behind a case read the address that it gives? Only then may words be mailed."""

from portal.cases.case import Case
from portal.people.queries import normal_email


def is_proven(case: Case) -> bool:
    """Whether text may be mailed to the contact's address."""
    return case.is_email_proven or is_own_address(case)


def is_own_address(case: Case) -> bool:
    """Whether the address is that of the signed-in contact behind the case."""
    return case.contact is not None and case.contact.email == normal_email(case.contact_email)
