"""Reasons that are the portal's own words: recorded in English, told in their reader's language.
What somebody typed is told as they typed it.
"""

from portal.locale import N_
from portal.locale import gettext as _

NOBODY_OBJECTED = N_("Nobody objected.")
NO_ANSWER = N_("We got no answer to our question.")
SOLVED = N_("It is solved")
NOT_NEEDED = N_("I don’t need help with it any more")
UNDONE = N_("Undone")
_OURS = {NOBODY_OBJECTED, NO_ANSWER, SOLVED, NOT_NEEDED, UNDONE}


def told(reason: str) -> str:
    """A recorded reason as its reader reads it."""
    return _(reason) if reason in _OURS else reason
