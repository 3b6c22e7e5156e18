"""What a case stands still for, and what happens by itself when nobody does anything.

The rule: whatever will happen by itself has a date from the start, which the customer is told;
leaving the state takes it back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.settings import Settings


@dataclass(frozen=True)
class Standstill:
    """`reason` is one of the policy's pauses ("" for none), `party` the third party waited for.

    The worker goes on with the case at `resumes_at`, or closes it at `closes_at` after having
    reminded the customer at `close_reminder_at`.
    """

    reason: str = ""
    party: str = ""
    resumes_at: datetime | None = None
    closes_at: datetime | None = None
    close_reminder_at: datetime | None = None


NONE = Standstill()


@dataclass(frozen=True)
class Patience:
    """How many days a case waits for its customer before it closes by itself, and how many days
    before that the customer is reminded. `answer_days` 0: a question waits for ever.
    """

    confirm_days: int = 7
    answer_days: int = 0
    reminder_days: int = 2

    def for_confirmation(self, now: datetime) -> Standstill:
        """A solved case: silence confirms it."""
        return self._closing("", self.confirm_days, now)

    def for_answer(self, reason: str, now: datetime) -> Standstill:
        """We asked the customer something."""
        if not self.answer_days:
            return Standstill(reason)
        return self._closing(reason, self.answer_days, now)

    def _closing(self, reason: str, days: int, now: datetime) -> Standstill:
        closes_at = now + timedelta(days=days)
        reminder_at = max(now, closes_at - timedelta(days=min(self.reminder_days, days)))
        return Standstill(reason, closes_at=closes_at, close_reminder_at=reminder_at)


USUAL = Patience()


def patience_of(settings: Settings) -> Patience:
    return Patience(settings.confirm_days, settings.answer_days, settings.close_reminder_days)
