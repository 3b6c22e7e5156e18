"""One stored truth: an instant is aware, in UTC and in whole seconds.

The customer's words: the same moment gives the same promise, whichever offset it is written in.
"""

from datetime import UTC, datetime, timedelta

from portal.locale import gettext as _
from portal.policy.problems import PolicyRefusal

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
HORIZON_DAYS = 1_096
"""Three years: nobody is promised anything further away."""

FIRST_YEAR, LAST_YEAR = 1900, 2200


def seconds_of(instant: datetime) -> int:
    """Whole seconds since 1970; a time without an offset names no instant and is refused."""
    try:
        distance = instant - EPOCH
    except TypeError:
        raise naive(instant) from None
    return distance.days * DAY + distance.seconds


def instant_of(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def in_utc(instant: datetime) -> datetime:
    """The instant as it is stored; the first and last hours of the calendar's years have none."""
    seconds = seconds_of(instant)
    try:
        return instant_of(seconds)
    except OverflowError:
        raise out_of_reach() from None


def naive(instant: datetime) -> PolicyRefusal:
    message = _(
        "%(time)s has no offset: write it as %(time)sZ or +01:00.", time=instant.isoformat()
    )
    return PolicyRefusal("naive_time", message)


def too_far(message: str) -> PolicyRefusal:
    return PolicyRefusal("too_far", message)


def out_of_reach() -> PolicyRefusal:
    return too_far(_("That date is more than three years away or out of reach."))


def as_text(instant: datetime) -> str:
    """The instant as other programs read it: 2026-11-23T14:30:00Z."""
    return f"{in_utc(instant).isoformat()[:19]}Z"
