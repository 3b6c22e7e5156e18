"""What of a text is still English, once what people and policies wrote is taken out of it."""

import re
from collections.abc import Iterable

_WORDS = re.compile(
    r"\b(the|by|is|are|has|have|we|you|your|our|and|of|for|with|within|business|hours?|"
    r"minutes?|answer|answered|clock|starts|expect|expected|usually|typically|typical|policy|says|"
    r"next|update|resolution|close|closed|open|night|when|goes|ask|left|once|stopped|since|named|"
    r"time|it|this|that|what|does|not|opening|weekend|holiday|waiting|counted|case|cases|mail|"
    r"number|receipt|page|help|please|thank|priority|now|link|sign|see|Monday|Tuesday|Wednesday|"
    r"Thursday|Friday|Saturday|Sunday|pm)\b"
)


def english_left(text: str, written: Iterable[str] = ()) -> list[str]:
    """The English words in `text`; `written` are texts that are nobody's to translate."""
    for words in sorted(filter(None, written), key=len, reverse=True):
        text = text.replace(words, "…")
    return _WORDS.findall(text)
