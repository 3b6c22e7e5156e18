"""What a customer has answered so far: how a draft keeps it, and what a case is made of.

The rule: an answer that was given is never asked again, and one that was not given is empty, not
guessed.
"""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of a draft. Texts are as typed; empty means not answered.

    `effects` holds yes, no or unknown by question id of the policy; `priority` is only set when
    the customer changed what the questions settled, with `priority_reason`. `details` holds the
    policy's fields by id. `consent` is None until asked, then what was agreed to or declined:
    {"agreed": bool, "rate": str, "by": str, "at": ISO instant}. `steps` are the steps answered.
    """

    kind: str = ""
    subject: str = ""
    description: str = ""
    continues: str = ""
    effects: dict[str, str] = field(default_factory=dict)
    priority: str = ""
    priority_reason: str = ""
    business_effect: str = ""
    reachable_at: str = ""
    installation_id: int | None = None
    details: dict[str, str] = field(default_factory=dict)
    remote_access: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    time_zone: str = ""
    consent: dict[str, Any] | None = None
    from_article: str = ""
    query: str = ""
    steps: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """The answers that `Draft.answers` holds; unknown keys of an older release are left out."""
        known = {each.name for each in fields(cls)}
        return cls(**{key: value for key, value in stored.items() if key in known})

    def write(self) -> dict[str, Any]:
        """The answers as JSON for `Draft.answers`."""
        return asdict(self)
