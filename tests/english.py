"""What of a text is still English, once what people and policies wrote is taken out of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from portal.policy.model import Policy, Priority, Target

_WORDS = re.compile(
    r"\b(the|by|is|are|has|have|we|you|your|our|and|of|for|with|within|business|hours?|"
    r"minutes?|answer|answered|clock|starts|expect|expected|usually|typically|typical|policy|says|"
    r"next|update|resolution|close|closed|open|night|when|goes|ask|left|once|stopped|since|named|"
    r"time|it|this|that|what|does|not|opening|weekend|holiday|waiting|counted|case|cases|mail|"
    r"number|receipt|page|help|please|thank|priority|now|link|sign|see|Monday|Tuesday|Wednesday|"
    r"Thursday|Friday|Saturday|Sunday|pm)\b"
)
_FORMAT = {Target: {"text", "phrase", "basis", "strength"}}
"""What a policy says in the format's own words, which the portal says in every language."""


def english_left(text: str, written: Iterable[str] = ()) -> list[str]:
    """The English words in `text`; `written` are texts that are nobody's to translate."""
    for words in sorted(filter(None, written), key=len, reverse=True):
        text = text.replace(words, "…")
    return _WORDS.findall(text)


def of_the_policy(policy: Policy) -> set[str]:
    """What its author wrote."""
    return set(_texts(policy))


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from _texts(value)
    elif isinstance(found, tuple | list):
        for value in found:
            yield from _texts(value)
    elif is_dataclass(found):
        for each in fields(found):
            if each.name not in _FORMAT.get(type(found), ()):  # type: ignore[arg-type]
                yield from _texts(getattr(found, each.name))
        if isinstance(found, Priority):
            yield from (found.name.split(" (")[0], found.name.partition(" ")[2])
