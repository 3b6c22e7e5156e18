"""What a policy writes in its own few words (targets, names of levels), said within a sentence.

English is said as the policy wrote it; other languages say the same target in their words. A word
that isn't one of the format's own is the organisation's, and is quoted as it stands.
"""

import re
from collections.abc import Callable

from portal.locale import N_, SPOKEN_IN_CODE, language, ngettext
from portal.locale import gettext as _
from portal.policy.model import Priority
from portal.policy.phrases import FROM_OPENING, MOVED

_AMOUNT = re.compile(r"([0-9]+) ((?:business )?(?:minute|hour|day))s?")
_WITHIN: dict[str, Callable[[int], str]] = {
    "minute": lambda n: ngettext("within %(number)s minute", "within %(number)s minutes", n),
    "hour": lambda n: ngettext("within %(number)s hour", "within %(number)s hours", n),
    "day": lambda n: ngettext("within %(number)s day", "within %(number)s days", n),
    "business minute": lambda n: ngettext(
        "within %(number)s business minute", "within %(number)s business minutes", n
    ),
    "business hour": lambda n: ngettext(
        "within %(number)s business hour", "within %(number)s business hours", n
    ),
}
_DAYS = {
    "none": N_("none"),
    "immediately": N_("immediately"),
    "by close of the same business day": N_("by close of the same business day"),
    "by close of the next business day": N_("by close of the next business day"),
    "by opening of the next business day": N_("by opening of the next business day"),
}
_RIDERS = {
    FROM_OPENING: N_("%(target)s, from next opening"),
    MOVED: N_("%(target)s, moved to next opening"),
}
_WORDS = {"immediately": N_("immediately"), "at once": N_("at once")}


def target_words(target: str) -> str:
    """ "4 business hours", standing for itself."""
    return target if language() == SPOKEN_IN_CODE else within(target)


def within(target: str) -> str:
    """ "within 4 business hours"; "by close of the same business day" stands for itself."""
    if language() == SPOKEN_IN_CODE:
        return target if target.startswith("by ") else f"within {target}"
    base, *riders = [" ".join(part.split()) for part in target.strip().lower().split(",")]
    amount = _AMOUNT.fullmatch(base)
    words = _WITHIN[amount[2]](int(amount[1])) if amount else _(_DAYS.get(base, base))
    for rider in riders:
        words = _(_RIDERS[rider], target=words) if rider in _RIDERS else f"{words}, {rider}"
    return words


def word(written: str) -> str:
    """A word that a policy gives instead of a figure: the format's own, or the organisation's."""
    return _(_WORDS[written]) if written in _WORDS else written


def called(level: Priority) -> str:
    """Priority "Minor", or priority 2: the name without what stands in brackets."""
    name = level.name.split(" (")[0]
    first, _blank, rest = name.partition(" ")
    if first.lower() == "priority" and rest:
        return _("priority %(number)s", number=rest)
    if name.lower().startswith("priority"):
        return name[0].lower() + name[1:]
    return _('priority "%(name)s"', name=name)
