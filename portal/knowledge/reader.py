"""Who reads: anyone, a signed-in contact of a customer, or a member of staff.

Where articles are kept for people with an account, whoever has none is nobody and reads nothing.
"""

from dataclasses import dataclass
from typing import Literal

from portal.languages import Languages


@dataclass(frozen=True)
class Reader:
    """What the visibility rule needs to know of a person, and in which language they want to read;
    None where the library has only one.
    """

    kind: Literal["nobody", "anyone", "contact", "staff"]
    organisation_id: int | None = None
    languages: Languages | None = None


NOBODY = Reader("nobody")
ANYONE = Reader("anyone")
STAFF = Reader("staff")
