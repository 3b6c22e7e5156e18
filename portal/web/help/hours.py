"""Is support open now, until when, and if not, when does it open: as public pages say it.

A page that says so is true only until the next opening, closing or midnight.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.cases.policies import NoPolicyError, policy_in_force
from portal.policy.model import Policy
from portal.policy.opening import OpeningState, opening_state
from portal.web.filters import this_moment
from portal.web.transaction import db

SHORTEST = timedelta(seconds=1)


@dataclass(frozen=True)
class Hours:
    """The ordinary desk at this moment."""

    policy: Policy
    state: OpeningState
    zone: ZoneInfo
    fresh_until: datetime


def policy_now() -> Policy | None:
    """The policy in force; None while the installation has none."""
    try:
        return policy_in_force(db(), now=this_moment())[1]
    except NoPolicyError:
        return None


def hours_now() -> Hours | None:
    """The state of the ordinary desk; None while there is no policy to say."""
    policy = policy_now()
    if policy is None:
        return None
    now = this_moment()
    state = opening_state(policy, policy.office_hours, now)
    zone = policy.calendar(policy.office_hours).zone
    changes = [at for at in (state.closes_at, state.opens_at, _midnight(now, zone)) if at]
    return Hours(policy, state, zone, max(min(changes), now + SHORTEST))


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
