"""Where a case stands, in the customer's words: who has the ball, what is promised, what was kept.

A missed promise is said openly, with what happens now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.cases.case import Case, CaseStatus
from portal.cases.clocks import escalation_contact, policy_of
from portal.cases.contract_check import HELD_WORDS, HeldReason
from portal.cases.expectation import Expectation, LedgerLine, Reading, Shown
from portal.cases.priorities import is_emergency_kept
from portal.cases.promise import Made
from portal.cases.reopening import reopenable_until
from portal.cases.telling import priority_name
from portal.cases.turns import Side
from portal.cases.words import STATUS_TONES, STATUS_WORDS, shown_status, waits_for, whose_turn
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.evaluation import ClockState
from portal.policy.moments import length_text
from portal.web.filters import when

CLOCK_NAMES = {
    "first_response": N_("First answer"),
    "next_update": N_("Next update"),
    "escalation": N_("Escalation"),
    "resolution": N_("Solution"),
}
_SPOKEN_NAMES = {
    "first_response": N_("first answer"),
    "next_update": N_("next update"),
    "escalation": N_("escalation"),
    "resolution": N_("solution"),
}
MEASURES = N_("Times are for answers and updates, not for the fix, unless it says so.")
_BALLS = {
    Side.US: N_("It’s our turn."),
    Side.CUSTOMER: N_("It’s your turn."),
    Side.THIRD_PARTY: N_("We wait for somebody else."),
    Side.NOBODY: N_("Paused by agreement."),
    Side.OVER: N_("This case is over."),
}
_STATES = {
    "met": (N_("Kept"), "good"),
    "missed": (N_("Missed"), "late"),
    "paused": (N_("Clock stopped"), "neutral"),
    "stopped": (N_("No longer needed"), "neutral"),
    "no_promise": (N_("No published time"), "neutral"),
}


@dataclass(frozen=True)
class Late:
    """A promise that was missed and is still owed."""

    title: str
    text: str


@dataclass(frozen=True)
class Next:
    """What comes next, and by when where a time was promised."""

    words: str
    at: datetime | None = None
    elsewhere: str = ""


@dataclass(frozen=True)
class Standing:
    """The top of the case page."""

    status: str
    tone: str
    ball: str
    next: Next
    late: list[Late]
    held_words: list[str]
    priority_name: str
    priority_words: list[str]


@dataclass(frozen=True)
class KeptPromise:
    """One clock: what was promised, whether it was kept, why, and what was promised before."""

    name: str
    spoken_name: str
    outcome: str
    tone: str
    due_at: datetime | None
    words: str
    reason: str
    spans: tuple[LedgerLine, ...]
    earlier: list[str]


def standing_of(
    case: Case, expectation: Expectation, reading: Reading, *, now: datetime, reopen_days: int
) -> Standing:
    return Standing(
        status=_(STATUS_WORDS[shown_status(case)]),
        tone=STATUS_TONES[shown_status(case)],
        ball=_ball(case),
        next=_next(case, reading.shown, _stopped(reading), _until(case, now, reopen_days)),
        late=_late(case, reading, now),
        held_words=_held_words(case),
        priority_name=priority_name(case, expectation.priority_id),
        priority_words=_priority_words(case, expectation),
    )


def _ball(case: Case) -> str:
    return _("We need your answer.") if case.asks_about_day else _(_BALLS[whose_turn(case)])


def _stopped(reading: Reading) -> str:
    """Since when the clock stands still, and how much is left."""
    stopped = reading.words.stopped
    return stopped.text.removesuffix(".") if stopped else ""


def _joined(*sentences: str) -> str:
    """Sentences one after the other; the full stop of the last is set where it is shown."""
    return ". ".join(filter(None, sentences))


def _until(case: Case, now: datetime, reopen_days: int) -> datetime | None:
    """Until when a closed case may be opened again; None when that is over."""
    until = reopenable_until(case, reopen_days=reopen_days) if case.number else None
    return until if until and until >= now else None


def _next(case: Case, shown: tuple[Shown, ...], stopped: str, until: datetime | None) -> Next:
    if case.status is CaseStatus.WAITING:
        asked = _("Answer our question below, and we go on")
        closing = _("Without an answer the case closes by itself on") if case.closes_at else ""
        return Next(_joined(asked, stopped, closing), case.closes_at)
    if case.is_open and case.proposed_on is not None:
        return _proposed(case, shown)
    if case.status is CaseStatus.PAUSED:
        return _paused(case, shown, stopped)
    if case.status is CaseStatus.SOLVED:
        return Next(
            _("Tell us if it isn’t solved. Otherwise the case closes by itself on"), case.closes_at
        )
    if case.status is CaseStatus.CLOSED:
        return _closed(until)
    return _going_on(case, shown)


def _closed(until: datetime | None) -> Next:
    if until is None:
        return Next(_("If you need more help, open a follow-up case below"))
    return Next(_("You can open it again until"), until)


def _going_on(case: Case, shown: tuple[Shown, ...]) -> Next:
    return _owed(case, shown) or Next(
        _("No time is published for the next answer; you hear from us when there is news")
    )


_TO_CUSTOMER = ("first_response", "next_update")


def _proposed(case: Case, shown: tuple[Shown, ...]) -> Next:
    ours = _("Tell us below whether the day that we propose suits you")
    theirs = _("We tell you whether the day that you propose suits us")
    return _with_owed(theirs if case.is_customers_proposal else ours, case, shown)


def _with_owed(said: str, case: Case, shown: tuple[Shown, ...]) -> Next:
    """A sentence, and what is still promised beside it."""
    owed = _owed(case, shown) or Next("")
    return Next(_joined(said, owed.words), owed.at, owed.elsewhere)


def _paused(case: Case, shown: tuple[Shown, ...], stopped: str) -> Next:
    """What is waited for, what the customer has to do (nothing), and what is still promised."""
    waits = _joined(
        _("Waiting for %(what)s; you need to do nothing", what=waits_for(case)), stopped
    )
    if case.resumes_at is not None:
        return Next(_joined(waits, _("We go on")), case.resumes_at)
    return _with_owed(waits, case, shown)


def _owed(case: Case, shown: tuple[Shown, ...]) -> Next | None:
    """The next answer or update that is promised, word on an escalation among them."""
    running = [s for s in shown if s.clock in _TO_CUSTOMER and s.state == "running"]
    owed = [Next(_due_by(_(CLOCK_NAMES[s.clock])), s.instant, s.elsewhere) for s in running]
    if (word_due := case.escalation_answer_due_at) is not None:
        owed.append(Next(_due_by(_("Word on the escalation")), word_due))
    return min((each for each in owed if each.at), key=_instant, default=None)


def _due_by(what: str) -> str:
    return _("%(what)s due by", what=what)


def _instant(owed: Next) -> datetime:
    assert owed.at is not None
    return owed.at


def _late(case: Case, reading: Reading, now: datetime) -> list[Late]:
    if not case.is_open:
        return []
    words = reading.words
    found = []
    if (word_due := case.escalation_answer_due_at) is not None and word_due < now:
        found.append(
            Late(_late_title(word_due), _("We owe you word on the escalation that you asked for."))
        )
    for clock in reading.shown:
        if not clock.is_late or clock.instant is None or clock.clock not in _TO_CUSTOMER:
            continue
        is_first = clock.clock == "first_response" and words.late is not None
        text = words.late.text if is_first and words.late else _owed_update(case)
        found.append(Late(_late_title(clock.instant), text))
    return found


def _late_title(promised: datetime) -> str:
    return _("We’re late: promised %(moment)s", moment=when(promised))


def _owed_update(case: Case) -> str:
    """A missed update, with what happens now."""
    to = escalation_contact(case)
    if case.level > 1:
        return _(
            "We owe you an update; this has been escalated to level %(level)s.", level=case.level
        )
    if to:
        return _("We owe you an update; you can ask for escalation to %(to)s.", to=to)
    return _("We owe you an update; you can ask for escalation.")


def _held_words(case: Case) -> list[str]:
    if case.status is not CaseStatus.HELD:
        return []
    counts = _("The check delays nothing. All articles stay open to you.")
    if not case.held_reason:
        return [_("It has a receipt, and no case number yet."), counts]
    why = _(HELD_WORDS[HeldReason(case.held_reason)])
    no_number = _("That is why it has a receipt, and no case number yet.")
    return [f"{why} {no_number}", counts]


def _priority_words(case: Case, expectation: Expectation) -> list[str]:
    said = []
    served = expectation.priority_id
    if case.requested_priority != served:
        asked = priority_name(case, case.requested_priority)
        said.append(_("Your answers led to “%(priority)s”.", priority=asked))
    if expectation.is_not_named or is_emergency_kept(policy_of(case), case):
        said.append(_("Emergency help is for named contacts."))
    if case.level > 1:
        said.append(_("Escalated to level %(level)s.", level=case.level))
    if case.escalation_requested_at is not None:
        by = case.escalation_answer_due_at
        said.append(
            _("You asked for escalation; you are answered by %(moment)s.", moment=when(by))
            if by
            else _("You asked for escalation.")
        )
    return said


def kept_promises(
    case: Case, expectation: Expectation, reading: Reading, made: Sequence[Made]
) -> list[KeptPromise]:
    """Every clock worth showing, with its history; nothing that was promised is hidden."""
    clocks = {clock.clock: clock for clock in expectation.evaluation.clocks}
    shown = [one for one in reading.shown if not _offers_in_vain(case, one)]
    return [_kept(case, one, clocks[one.clock], made) for one in shown]


def _offers_in_vain(case: Case, shown: Shown) -> bool:
    """ "You can ask for escalation": not where it was asked for already, while the contract is
    being checked, or once the case is over.
    """
    is_offer = shown.clock == "escalation" and shown.state == "no_promise"
    may_ask = case.is_open and case.status is not CaseStatus.HELD
    return is_offer and (not may_ask or case.escalation_requested_at is not None)


def _kept(case: Case, shown: Shown, clock: ClockState, made: Sequence[Made]) -> KeptPromise:
    outcome, tone = _STATES.get(clock.state, (N_("Due"), "info"))
    is_escalated = clock.clock == "escalation" and case.level > 1
    if is_escalated:
        outcome, tone = N_("Escalated"), "neutral"
    elif shown.is_late:
        outcome, tone = N_("Late"), "late"
    if clock.state == "no_promise" and clock.clock != "first_response":
        outcome = ""
    return KeptPromise(
        name=_(CLOCK_NAMES[clock.clock]),
        spoken_name=_(_SPOKEN_NAMES[clock.clock]),
        outcome=_(outcome) if outcome else "",
        tone=tone,
        due_at=None if is_escalated else clock.due_at,
        words=_words(shown, clock),
        reason=shown.reason,
        spans=shown.ledger,
        earlier=_earlier(case, [promise for promise in made if promise.clock == clock.clock]),
    )


def _words(shown: Shown, clock: ClockState) -> str:
    if clock.state == "paused" and clock.remaining_seconds is not None:
        return _("%(length)s left once you answer", length=length_text(clock.remaining_seconds))
    return "" if clock.due_at else shown.headline


def _earlier(case: Case, made: Sequence[Made]) -> list[str]:
    """Promises that were replaced since: what, when, and under which priority."""
    return [
        _(
            "%(due)s, promised %(made)s (%(priority)s)",
            due=when(promise.due_at),
            made=when(promise.made_at),
            priority=priority_name(case, promise.priority),
        )
        for promise in made[:-1]
        if promise.due_at
    ]
