"""What every page says of the organisation: its name and logo, and how else to reach support.

The policy in force says who the desk is and in which zone it works. It is asked for at most every
few seconds, on a session of its own, so that even an error page can show it.
"""

import logging
import time
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.cases.policies import NoPolicyError, policy_in_force
from portal.clock import now
from portal.policy.model import Policy
from portal.web.assets import logo_address
from portal.web.parts import parts

ASKED_EVERY_SECONDS = 5.0
UNTIL_A_POLICY_SAYS = ZoneInfo("UTC")
_log = logging.getLogger("portal.web")


@dataclass(frozen=True)
class Site:
    """The organisation as the page's header and footer show it."""

    name: str
    logo_url: str | None
    desk_name: str = ""
    phone: str = ""
    phone_option: str = ""
    email: str = ""
    zone: ZoneInfo = UNTIL_A_POLICY_SAYS

    @property
    def phone_href(self) -> str:
        return "tel:" + "".join(c for c in self.phone if c in "+0123456789")


def site() -> Site:
    """The organisation of this installation."""
    known: tuple[float, Site] | None = current_app.extensions.get("site")
    if known is not None and time.monotonic() - known[0] < ASKED_EVERY_SECONDS:
        return known[1]
    policy = _policy()
    found = _site(policy)
    if policy is not None:
        current_app.extensions["site"] = (time.monotonic(), found)
    return found


def _policy() -> Policy | None:
    try:
        with parts().database.reading() as session:
            return policy_in_force(session, now=now())[1]
    except NoPolicyError:
        return None
    except SQLAlchemyError:
        _log.exception("could not read the policy in force")
        return None


def _site(policy: Policy | None) -> Site:
    settings = parts().settings
    logo_url = logo_address(settings)
    if policy is None:
        return Site(name=settings.name, logo_url=logo_url)
    return Site(
        name=settings.name,
        logo_url=logo_url,
        desk_name=policy.desk.name,
        phone=policy.desk.phone,
        phone_option=policy.desk.phone_option,
        email=policy.desk.email,
        zone=policy.zone,
    )
