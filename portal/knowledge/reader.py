"""Who reads: anyone, a signed-in contact of a customer, or a member of staff."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Reader:
    """What the visibility rule needs to know of a person, and nothing more."""

    kind: Literal["anyone", "contact", "staff"]
    organisation_id: int | None = None


ANYONE = Reader("anyone")
STAFF = Reader("staff")
