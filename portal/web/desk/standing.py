"""Where a case stands, for staff: whose turn, through whose hands it went, its promised days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.cases.assigning import stays_assigned
from portal.cases.case import Case
from portal.cases.timeline import DAYS, HANDS, Entry
from portal.cases.turns import stretches
from portal.cases.words import STAFF_TURN_WORDS, waits_for, whose_turn
from portal.events import Event
from portal.locale import gettext as _
from portal.policy.moments import full_day
from portal.web.transaction import db
from portal.web.turns import turn_rows


@dataclass(frozen=True)
class Standing:
    """`hands` and `days` repeat a part of the timeline; days are in full words."""

    turn: str
    waits_for: str
    turns: list[tuple[str, str]]
    hands: list[Entry]
    days: list[Entry]
    agreed_day: str
    proposed_day: str
    stays_assigned: bool


def standing_of(
    case: Case, told: list[Entry], *, events: Sequence[Event], now: datetime
) -> Standing:
    words = {side: _(said) for side, said in STAFF_TURN_WORDS.items()}
    return Standing(
        turn=words[whose_turn(case)],
        waits_for=waits_for(case),
        turns=turn_rows(stretches(db(), case, events=events), words, now=now),
        hands=[entry for entry in told if entry.kind in HANDS],
        days=[entry for entry in told if entry.kind in DAYS],
        agreed_day=full_day(case.scheduled_on) if case.scheduled_on else "",
        proposed_day=full_day(case.proposed_on) if case.proposed_on else "",
        stays_assigned=stays_assigned(case),
    )
