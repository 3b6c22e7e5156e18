"""Which version of a policy is in force at a given instant.

The rule: a version takes effect at the beginning of its day, in the policy's own zone, and holds
until the next one does.
"""

from collections.abc import Sequence
from datetime import date, datetime

from portal.locale import gettext as _
from portal.policy.edges import edge
from portal.policy.instants import instant_of, seconds_of
from portal.policy.model import Policy
from portal.policy.problems import PolicyRefusal


def takes_effect_at(policy: Policy) -> datetime:
    """When its day begins; later for a version that was adopted during that day."""
    return instant_of(_begins(policy))


def day_begins(policy: Policy, day: date) -> datetime:
    """The first instant of a day where the policy lives."""
    return instant_of(edge(policy.zone, day, 0))


def _begins(policy: Policy) -> int:
    if policy.in_force_from is not None:
        return seconds_of(policy.in_force_from)
    return edge(policy.zone, policy.effective_from, 0)


def in_force(versions: Sequence[Policy], at: datetime) -> Policy:
    """The latest version that has taken effect; refused when there is none yet."""
    seconds = seconds_of(at)
    begun = [p for p in versions if _begins(p) <= seconds]
    if not begun:
        message = _("No version of the policy is in force on %(time)s.", time=at.isoformat())
        raise PolicyRefusal("no_policy_in_force", message)
    return max(begun, key=lambda policy: (_begins(policy), policy.version))
