"""The promise in sentences, the same on the form, the case page and in mail.

The rules: say by when, why, and how firm it is; say what the time measures; say what would change
it; never hide a promise that was missed, and never put a date where the policy gives a word.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.evaluation import ClockState, Evaluation
from portal.policy.explaining import what_would_change_it, why_sentence
from portal.policy.filing import WAITING
from portal.policy.model import Route
from portal.policy.moments import Moment, length_text, moment
from portal.policy.spoken import word

MEASURES = N_("This is the time to the first response, not to a resolution.")
NO_TIME = N_("There is no published time for this priority.")
_STRENGTHS = {"expected": N_("expected"), "usual": N_("usually by")}
TYPICAL = N_("typical time set by this portal")
NO_PUBLISHED = N_("no published time for this priority")
_PLACE = "\ufffc"
"""Stands for the moment while a sentence is put together: each language has its place for it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence around at most one moment, so that a page can mark the moment as a time."""

    before: str
    moment: Moment | None = None
    after: str = ""

    @property
    def text(self) -> str:
        return f"{self.before}{self.moment.text if self.moment else ''}{self.after}"


def _about(at: Moment, message: str, **values: object) -> Sentence:
    """The sentence `message` in the language that is spoken, around its `%(moment)s`."""
    before, _place, after = _(message, moment=_PLACE, **values).partition(_PLACE)
    return Sentence(before, at, after)


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
        measures=_(MEASURES),
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
        return word(state.response_kind or state.words) or _(NO_PUBLISHED)
    if state.basis == "default":
        return _(TYPICAL)
    return _(_STRENGTHS[state.strength])


def _headline(state: ClockState, voice: _Voice) -> Sentence:
    if not state.has_promise:
        instead = state.response_kind or state.words
        return Sentence(_without_figure(instead) if instead == "immediately" else _(NO_TIME))
    if state.answered_at is not None:
        return _answered(state, voice)
    if state.state == "stopped":
        return Sentence(_("The case is resolved; no answer is outstanding."))
    if state.due_at is None:
        return Sentence(_("The clock is stopped while it is your turn."))
    if state.is_late(voice.now):
        return _about(voice.at(state.due_at), N_("We expected to answer by %(moment)s."))
    return _expected(state, voice.at(state.due_at))


def _without_figure(instead: str) -> str:
    return _("The policy says “%(word)s”, without a figure.", word=word(instead))


def _expected(state: ClockState, due: Moment) -> Sentence:
    """The organisation's word is quoted as its word; the date beside it may be this portal's."""
    kind = word(state.response_kind)
    if state.basis == "default" and kind:
        typically = N_("The policy says “%(word)s”, without a figure; typically by %(moment)s.")
        return _about(due, typically, word=kind)
    if state.basis == "default":
        return _about(due, N_("We typically answer by %(moment)s."))
    if state.strength == "usual":
        return _about(due, N_("We usually answer by %(moment)s."))
    if kind:
        said = N_("The policy says “%(word)s”; expect an answer by %(moment)s.")
        return _about(due, said, word=kind)
    return _about(due, N_("Expect an answer by %(moment)s."))


def _answered(state: ClockState, voice: _Voice) -> Sentence:
    answered = voice.at(state.answered_at or voice.now)
    if state.state == "met":
        return _about(answered, N_("We answered on %(moment)s, in time."))
    promised = voice.at(state.due_at).text if state.due_at else ""
    later = N_("We answered on %(moment)s, later than expected (by %(promised)s).")
    return _about(answered, later, promised=promised)


def _next_update(state: ClockState, voice: _Voice) -> Sentence | None:
    if state.state == "no_promise":
        return Sentence(word(state.words)) if state.words else None
    if state.due_at is None:
        return None
    due = voice.at(state.due_at)
    if state.is_late(voice.now):
        return _about(due, N_("The next update was expected by %(moment)s."))
    return _about(due, _update_words(state), word=word(state.response_kind))


def _update_words(state: ClockState) -> str:
    is_typical = state.basis == "default"
    if not state.response_kind:
        return (
            N_("Next update typically by %(moment)s.")
            if is_typical
            else N_("Next update by %(moment)s.")
        )
    if is_typical:
        return N_("For updates the policy says “%(word)s”; the next one typically by %(moment)s.")
    return N_("For updates the policy says “%(word)s”; the next one by %(moment)s.")


def _escalation(state: ClockState, voice: _Voice) -> Sentence | None:
    if state.state == "no_promise":
        return _escalation_in_words(state)
    if state.due_at is None:
        return None
    at = voice.at(state.due_at)
    if state.is_late(voice.now):
        return _about(at, N_("Escalated to %(to)s on %(moment)s."), to=state.to)
    return _about(at, N_("If it is not solved, it goes to %(to)s on %(moment)s."), to=state.to)


def _escalation_in_words(state: ClockState) -> Sentence | None:
    """Escalation that follows from what happens, not from the clock."""
    if state.routes:
        ways = "; ".join(map(_way, state.routes))
        handed_on = _(
            "When it has to be handed on (%(when)s): %(ways)s.", when=state.words, ways=ways
        )
        return Sentence(handed_on)
    if not state.to:
        return None
    if state.words in ("you ask for it", "customer asks"):
        return Sentence(_("You can ask for escalation to %(to)s.", to=state.to))
    if state.words in ("at once", "immediately"):
        return Sentence(_("It goes to %(to)s %(when)s.", to=state.to, when=word(state.words)))
    return Sentence(_("When %(condition)s, it goes to %(to)s.", to=state.to, condition=state.words))


def _way(route: Route) -> str:
    return f"{route.subject} {handed(route.to)}"


def handed(to: str) -> str:
    """ "To the technical team"; "at the liaison's discretion" stands for itself."""
    return to if to.startswith(("at ", "by ")) else _("to %(to)s", to=to)


def _resolution(state: ClockState, voice: _Voice) -> Sentence | None:
    if state.due_at is None or state.answered_at is not None:
        return None
    due = voice.at(state.due_at)
    if state.is_late(voice.now):
        return _about(due, N_("A resolution was expected by %(moment)s."))
    if state.basis == "default":
        return _about(due, N_("Resolution typically by %(moment)s."))
    return _about(due, N_("Resolution by %(moment)s."))


def _stopped(evaluation: Evaluation, voice: _Voice) -> Sentence | None:
    """Whose turn it is, and how much of the promised time is left."""
    paused = next((clock for clock in evaluation.clocks if clock.state == "paused"), None)
    if paused is None or paused.paused_since is None:
        return None
    left = length_text(paused.remaining_seconds or 0)
    since = voice.at(paused.paused_since)
    return _about(since, _left_words(paused), left=left)


def _left_words(paused: ClockState) -> str:
    is_customers = paused.account.pauses[-1].reason == WAITING
    if paused.rule.endswith("paid_after_hours"):
        if is_customers:
            return N_("Clock stopped since %(moment)s; %(left)s left once you answer.")
        return N_("Clock stopped since %(moment)s; %(left)s left once it goes on.")
    if is_customers:
        return N_("Clock stopped since %(moment)s; %(left)s of support time left once you answer.")
    return N_("Clock stopped since %(moment)s; %(left)s of support time left once it goes on.")


def _late(evaluation: Evaluation, voice: _Voice) -> Sentence | None:
    """A missed promise is said openly, with the way to make more of it."""
    first, escalation = evaluation.first_response, evaluation.escalation
    if first.due_at is None or (first.state != "missed" and not first.is_late(voice.now)):
        return None
    promised = voice.at(first.due_at)
    if escalation.is_late(voice.now):
        escalated = N_("We expected to answer by %(moment)s; this has been escalated to %(to)s.")
        return _about(promised, escalated, to=escalation.to)
    if escalation.to and not escalation.routes:
        may = N_("We expected to answer by %(moment)s; you can ask for escalation to %(to)s.")
        return _about(promised, may, to=escalation.to)
    return _about(
        promised, N_("We expected to answer by %(moment)s; we are sorry that we did not.")
    )
