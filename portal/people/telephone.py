"""What can be called: a telephone number as people write it, an extension included."""

import re

from portal.locale import N_

FEWEST_DIGITS = 5
TELEPHONE_REMEDY = N_(
    "Enter a telephone number of at least 5 digits, like +49 30 5550100 or 030 5550100 ext. 12."
)
_NUMBER = re.compile(
    r"(?P<number>[\d\s+()/.\-\u2010-\u2013]+)"
    r"(?:,?\s*(?:extension|ext|x|\#|option|durchwahl|dw)\s*[.:]?\s*\d{1,6})?",
    re.IGNORECASE,
)


def is_telephone(text: str) -> bool:
    """Whether this is a telephone number, whatever signs stand between its digits."""
    found = _NUMBER.fullmatch(text.strip())
    return found is not None and sum(c.isdecimal() for c in found["number"]) >= FEWEST_DIGITS
