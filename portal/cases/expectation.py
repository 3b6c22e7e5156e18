"""What may I expect, and by when? One call answers, before sending and after.

The form's preview and the promise that is stored come from the same evaluation of the same filing,
so that nobody is shown one time and held to another.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.closures import in_words
from portal.policy.evaluation import ClockState, Evaluation, Filing, evaluate
from portal.policy.model import Policy
from portal.policy.wording import PromiseWords, Sentence, promise_words, strength_words
from portal.policy.words import ClockName

CONDITIONAL = N_("This holds under a contract, which we check first; the check delays nothing.")
_MEASURES: dict[ClockName, str] = {
    "first_response": N_("The time to our first answer, not to the fix"),
    "next_update": N_("The time to the next news from us, not to the fix"),
    "escalation": N_("When somebody higher takes over if it is not solved"),
    "resolution": N_("The time to the solution"),
}


@dataclass(frozen=True)
class LedgerLine:
    """One stretch between filing and due, and why it counted or not."""

    starts: datetime
    ends: datetime | None
    counted: bool
    because: str


@dataclass(frozen=True)
class Shown:
    """One clock in words, as the page's promise component takes it.

    `instant` is None where the policy names no time; `elsewhere` is the same instant in support's
    zone, empty when the reader lives by it too.
    """

    clock: ClockName
    state: str
    headline: str
    instant: datetime | None
    elsewhere: str
    reason: str
    strength: str
    measures: str
    notes: tuple[str, ...]
    ledger: tuple[LedgerLine, ...]
    is_late: bool
    """It is still owed. An escalation never is: the portal itself carries it out."""


@dataclass(frozen=True)
class Reading:
    """What one reader is told at one moment: the sentences, and the clocks made of them."""

    words: PromiseWords
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class Expectation:
    """Everything that is promised for one filing. `is_conditional`: under a contract that is
    still to be checked.
    """

    evaluation: Evaluation
    is_conditional: bool = False

    @property
    def priority_id(self) -> str:
        """The level that is really served: an emergency of somebody who isn't a named contact is
        served as the level that the policy names instead.
        """
        return self.evaluation.first_response.priority_id

    @property
    def is_not_named(self) -> bool:
        """Whether emergency cover was refused because only named contacts have it."""
        return self.evaluation.rule.startswith("not_a_named_contact")

    def words(self, *, now: datetime, reader_zone: str | None = None) -> PromiseWords:
        """All sentences for one reader at one moment, for pages that set them their own way."""
        zone = ZoneInfo(reader_zone) if reader_zone else None
        return promise_words(self.evaluation, now=now, reader_zone=zone)

    def shown(self, *, now: datetime, reader_zone: str | None = None) -> tuple[Shown, ...]:
        """The clocks worth showing, first response first."""
        return self.read(now=now, reader_zone=reader_zone).shown

    def read(self, *, now: datetime, reader_zone: str | None = None) -> Reading:
        """Sentences and clocks together, for a page that needs both."""
        words, found = self.words(now=now, reader_zone=reader_zone), self.evaluation
        pairs = (
            (found.first_response, words.headline),
            (found.next_update, words.next_update),
            (found.escalation, words.escalation),
            (found.resolution, words.resolution),
        )
        shown = tuple(self._one(clock, said, words, now) for clock, said in pairs if said)
        return Reading(words, shown)

    def first_response(self, *, now: datetime, reader_zone: str | None = None) -> Shown:
        """When the first answer comes: what a form shows before sending."""
        return self.shown(now=now, reader_zone=reader_zone)[0]

    def _one(self, clock: ClockState, said: Sentence, words: PromiseWords, now: datetime) -> Shown:
        is_first = clock.clock == "first_response"
        there = said.moment
        return Shown(
            clock=clock.clock,
            state=clock.state,
            headline=_without_moment(said),
            instant=there.instant if there else None,
            elsewhere=there.desk if there and there.reader else "",
            reason=words.why if is_first else "",
            strength=strength_words(clock),
            measures=_(_MEASURES[clock.clock]),
            notes=self._notes(words) if is_first else (),
            ledger=_lines(clock),
            is_late=clock.clock != "escalation" and clock.is_late(now),
        )

    def _notes(self, words: PromiseWords) -> tuple[str, ...]:
        said = [sentence.text for sentence in (words.stopped, words.late) if sentence]
        conditional = (_(CONDITIONAL),) if self.is_conditional else ()
        return (*conditional, *said, *words.would_change)


def expect(policy: Policy, filing: Filing, *, is_conditional: bool = False) -> Expectation:
    """What is promised for this filing: the form's preview and the stored promise ask this."""
    return Expectation(evaluate((policy,), filing), is_conditional)


def paid_help(policy: Policy, filing: Filing) -> str:
    """The price of help outside hours where it could be had for this filing now; else "".

    Nothing starts and nothing is charged before the customer agreed to it.
    """
    agreed = Filing(filing.priority, filing.channel, filing.opened_at, filing.named_contact, True)
    is_paid = evaluate((policy,), agreed).rule.endswith("paid_after_hours")
    return policy.paid.rate if is_paid and policy.paid else ""


def _without_moment(said: Sentence) -> str:
    return said.text if said.moment is None else said.before.strip()


def _lines(clock: ClockState) -> tuple[LedgerLine, ...]:
    return tuple(LedgerLine(s.start, s.end, s.counted, in_words(s.because)) for s in clock.ledger)
