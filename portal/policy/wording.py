"""The promise in sentences, the same on the form, the case page and in mail.

The rules: say by when, why, and how firm it is; say what the time measures; say what would change
it; never hide a promise that was missed, and never put a date where the policy gives a word.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.policy.evaluation import ClockState, Evaluation
from portal.policy.explaining import what_would_change_it, why_sentence
from portal.policy.filing import WAITING
from portal.policy.moments import Moment, length_text, moment

MEASURES = "This is the time to the first response, not to a resolution."
NO_TIME = "There is no published time for this priority."
_STRENGTHS = {"expected": "expected", "usual": "usually by"}
TYPICAL = "typical time set by this portal"
NO_PUBLISHED = "no published time for this priority"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence around at most one moment, so that a page can mark the moment as a time."""

    before: str
    moment: Moment | None = None
    after: str = ""

    @property
    def text(self) -> str:
        return f"{self.before}{self.moment.text if self.moment else ''}{self.after}"


@dataclass(frozen=True, slots=True)
class PromiseWords:
    """Everything a customer is told about what to expect."""

    headline: Sentence
    strength: str
    why: str
    measures: str
    would_change: tuple[str, ...]
    next_update: Sentence | None
    escalation: Sentence | None
    resolution: Sentence | None
    stopped: Sentence | None
    late: Sentence | None


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who speaks and who reads, and when."""

    desk: ZoneInfo
    reader: ZoneInfo | None
    now: datetime

    def at(self, instant: datetime) -> Moment:
        return moment(instant, self.desk, self.reader)


def promise_words(
    evaluation: Evaluation, *, now: datetime, reader_zone: ZoneInfo | None = None
) -> PromiseWords:
    """The whole expectation for one reader at one moment."""
    voice = _Voice(evaluation.policy.zone, reader_zone, now)
    first = evaluation.first_response
    return PromiseWords(
        headline=_headline(first, voice),
        strength=strength_words(first),
        why=why_sentence(evaluation),
        measures=MEASURES,
        would_change=what_would_change_it(evaluation),
        next_update=_next_update(evaluation.next_update, voice),
        escalation=_escalation(evaluation.escalation, voice),
        resolution=_resolution(evaluation.resolution, voice),
        stopped=_stopped(evaluation, voice),
        late=_late(evaluation, voice),
    )


def strength_words(state: ClockState) -> str:
    """How firm the figure is, and whose it is."""
    if not state.has_promise:
        return state.response_kind or state.words or NO_PUBLISHED
    if state.basis == "default":
        return TYPICAL
    return _STRENGTHS[state.strength]


def _headline(state: ClockState, voice: _Voice) -> Sentence:
    if not state.has_promise:
        word = state.response_kind or state.words
        return Sentence(f"{_quoted(word)}, without a figure." if word == "immediately" else NO_TIME)
    if state.answered_at is not None:
        return _answered(state, voice)
    if state.state == "stopped":
        return Sentence("The case is resolved; no answer is outstanding.")
    if state.due_at is None:
        return Sentence("The clock is stopped while it is your turn.")
    if state.is_late(voice.now):
        return Sentence("We expected to answer by ", voice.at(state.due_at), ".")
    return Sentence(_opening_words(state), voice.at(state.due_at), ".")


def _opening_words(state: ClockState) -> str:
    """The organisation's word is quoted as its word; the date beside it may be this portal's."""
    kind = _quoted(state.response_kind) if state.response_kind else ""
    if state.basis == "default":
        return f"{kind}, without a figure; typically by " if kind else "We typically answer by "
    if state.strength == "usual":
        return "We usually answer by "
    return f"{kind}; expect an answer by " if kind else "Expect an answer by "


def _quoted(word: str) -> str:
    return f"The policy says “{word}”"


def _answered(state: ClockState, voice: _Voice) -> Sentence:
    answered = voice.at(state.answered_at or voice.now)
    if state.state == "met":
        return Sentence("We answered on ", answered, ", in time.")
    promised = voice.at(state.due_at).text if state.due_at else ""
    return Sentence("We answered on ", answered, f", later than expected (by {promised}).")


def _next_update(state: ClockState, voice: _Voice) -> Sentence | None:
    if state.state == "no_promise":
        return Sentence(state.words) if state.words else None
    if state.due_at is None:
        return None
    if state.is_late(voice.now):
        return Sentence("The next update was expected by ", voice.at(state.due_at), ".")
    kind = f"For updates the policy says “{state.response_kind}”; the next one"
    lead = kind if state.response_kind else "Next update"
    return Sentence(f"{lead}{_typically(state)} by ", voice.at(state.due_at), ".")


def _typically(state: ClockState) -> str:
    return " typically" if state.basis == "default" else ""


def _escalation(state: ClockState, voice: _Voice) -> Sentence | None:
    if state.state == "no_promise":
        return _escalation_in_words(state)
    if state.due_at is None:
        return None
    if state.is_late(voice.now):
        return Sentence(f"Escalated to {state.to} on ", voice.at(state.due_at), ".")
    return Sentence(f"If it is not solved, it goes to {state.to} on ", voice.at(state.due_at), ".")


def _escalation_in_words(state: ClockState) -> Sentence | None:
    """Escalation that follows from what happens, not from the clock."""
    if state.routes:
        ways = "; ".join(f"{route.subject} {handed(route.to)}" for route in state.routes)
        return Sentence(f"When it has to be handed on ({state.words}): {ways}.")
    if not state.to:
        return None
    if state.words in ("you ask for it", "customer asks"):
        return Sentence(f"You can ask for escalation to {state.to}.")
    return Sentence(f"It goes to {state.to} {_when(state.words)}.")


def handed(to: str) -> str:
    """ "To the technical team"; "at the liaison's discretion" stands for itself."""
    return to if to.startswith(("at ", "by ")) else f"to {to}"


def _when(words: str) -> str:
    return words if words in ("at once", "immediately") else f"when {words}"


def _resolution(state: ClockState, voice: _Voice) -> Sentence | None:
    if state.due_at is None or state.answered_at is not None:
        return None
    if state.is_late(voice.now):
        return Sentence("A resolution was expected by ", voice.at(state.due_at), ".")
    return Sentence(f"Resolution{_typically(state)} by ", voice.at(state.due_at), ".")


def _stopped(evaluation: Evaluation, voice: _Voice) -> Sentence | None:
    """Whose turn it is, and how much of the promised time is left."""
    paused = next((clock for clock in evaluation.clocks if clock.state == "paused"), None)
    if paused is None or paused.paused_since is None:
        return None
    left = length_text(paused.remaining_seconds or 0)
    kind = "" if paused.rule.endswith("paid_after_hours") else "of support time "
    is_customers = paused.account.pauses[-1].reason == WAITING
    after = f"; {left} {kind}left once {'you answer' if is_customers else 'it goes on'}."
    return Sentence("Clock stopped since ", voice.at(paused.paused_since), after)


def _late(evaluation: Evaluation, voice: _Voice) -> Sentence | None:
    """A missed promise is said openly, with the way to make more of it."""
    first, escalation = evaluation.first_response, evaluation.escalation
    if first.state != "missed" and not first.is_late(voice.now):
        return None
    promised = voice.at(first.due_at) if first.due_at else None
    if escalation.is_late(voice.now):
        remedy = f"; this has been escalated to {escalation.to}."
    elif escalation.to and not escalation.routes:
        remedy = f"; you can ask for escalation to {escalation.to}."
    else:
        remedy = "; we are sorry that we did not."
    return Sentence("We expected to answer by ", promised, remedy)
