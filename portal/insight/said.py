"""A sentence that is kept to be read by several people, each in their own language."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal import written
from portal.languages import name_of
from portal.locale import gettext as _


@dataclass(frozen=True)
class Said:
    """What the portal says of an item: words in English, marked for translation, and their values,
    as JSON can hold them. A value `day` is a date in ISO form, `languages` are tags.
    """

    words: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in the language that is spoken."""
        return _(self.words, **{name: _value(name, one) for name, one in self.values.items()})

    def stored(self) -> dict[str, Any]:
        """The sentence as a list of an entity holds it."""
        return {"words": self.words, "values": self.values}


def read_said(stored: dict[str, Any] | str) -> Said | str:
    """A stored sentence; before there were several languages it was plain text."""
    return stored if isinstance(stored, str) else Said(stored["words"], stored["values"])


def _value(name: str, value: Any) -> Any:
    if name == "day":
        return written.day(date.fromisoformat(value))
    return ", ".join(map(name_of, value)) if name == "languages" else value
