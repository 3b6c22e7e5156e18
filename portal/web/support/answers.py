"""What a customer has answered so far, read from the draft under the names that cases use.

The policy's own questions and fields stand under their ids, the rest under the keys below; an
empty text means not answered, nothing is guessed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.policy.asking import Field
from portal.policy.model import Policy
from portal.policy.priority import questions


class Answers:
    """A typed view on `Draft.answers`."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self.stored = stored

    def text(self, key: str) -> str:
        found = self.stored.get(key)
        return "" if found is None else str(found)

    @property
    def kind(self) -> str:
        return self.text("request_kind")

    @property
    def subject(self) -> str:
        return self.text("summary")

    @property
    def description(self) -> str:
        return self.text("description")

    @property
    def chosen_priority(self) -> str:
        """Only what the customer chose against their own answers."""
        return self.text("chosen_priority")

    @property
    def time_zone(self) -> str:
        return self.text("contact_time_zone")

    @property
    def has_chosen_zone(self) -> bool:
        """Whether the customer saw the zone and left or changed it; else a browser told it."""
        return bool(self.stored.get("has_chosen_zone"))

    @property
    def installation_id(self) -> int | None:
        found: int | None = self.stored.get("installation_id")
        return found

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that were answered."""
        return tuple(self.stored.get("steps", ()))

    def effects(self, policy: Policy) -> dict[str, str]:
        """Yes, no or unknown by question of the policy."""
        ids = [question.id for question in questions(policy)]
        return {each: self.text(each) for each in ids if self.text(each)}

    def of_fields(self, fields: Iterable[Field]) -> dict[str, str]:
        """What was answered to these fields of the policy, empty answers included."""
        return {f.id: self.text(f.id) for f in fields if f.id in self.stored}
