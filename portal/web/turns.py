"""How long it was whose turn, in words, for the pages of both sides."""

from collections.abc import Mapping
from datetime import datetime

from portal.cases.turns import Side, Stretch, shares
from portal.locale import gettext as _
from portal.policy.moments import long_length_text


def turn_rows(
    found: list[Stretch], words: Mapping[Side, str], *, now: datetime
) -> list[tuple[str, str]]:
    """Each side's time so far, and the sum, which is the time since receipt.

    Shown in whole minutes that add up to the sum shown: each side gets what its seconds bring
    the sum further.
    """
    seconds, rows = 0, []
    total = shares(found, now=now)
    for side in (side for side in Side if side in total):
        before, seconds = seconds // 60, seconds + int(total[side].total_seconds())
        rows.append((words[side], _minutes_text(seconds // 60 - before)))
    return [*rows, (_("Since receipt"), _minutes_text(seconds // 60))] if len(rows) > 1 else rows


def _minutes_text(minutes: int) -> str:
    return long_length_text(minutes * 60) if minutes else _("under a minute")
