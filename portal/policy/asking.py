"""What a case form asks: questions that settle the priority, fields, and kinds of request.

The rule: ask only for what the organisation needs for this kind of request, and say why.
"""

from dataclasses import dataclass
from typing import Literal

from portal.policy.words import Basis

FieldKind = Literal["text", "textarea", "choice", "yes_no"]
StoredIn = Literal["installation", "contact", "organisation", "case"]


@dataclass(frozen=True, slots=True)
class Question:
    """A yes-or-no question for one definition of a priority, in the customer's words.

    `statement` is the same to be ticked: the definition itself, unless the file says it otherwise.

    `unless` names another question: when that one is answered yes too, it decides instead.
    """

    id: str
    ask: str
    statement: str
    means: str
    priority_id: str
    unless: str | None = None
    because: str = ""
    basis: Basis = "page"


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that is needed only after a certain answer to another one."""

    field: str
    answer: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked of the customer, why it is asked, and where the answer is kept."""

    id: str
    label: str
    why: str = ""
    kind: FieldKind = "text"
    choices: tuple[str, ...] = ()
    stored_in: StoredIn = "case"
    when: Condition | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class RequestKind:
    """A kind of request: where it goes, what else it needs, and who may make it."""

    id: str
    name: str
    queue: str = ""
    hint: str = ""
    more_fields: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    priority: str | None = None
    contract_required: bool = False
    technical_contact_only: bool = False
