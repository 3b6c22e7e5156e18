"""Short ways to ask: what does this policy promise somebody who reports at that moment?"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.policy.evaluation import ClockEvent, Evaluation, Filing, evaluate
from portal.policy.loading import load_policy
from portal.policy.model import Policy
from portal.policy.profiles import profile, profile_names
from portal.policy.words import EventType

HERE = Path(__file__).parent
PACIFIC, CENTRAL = ZoneInfo("America/Los_Angeles"), ZoneInfo("America/Chicago")
EASTERN, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")


def policy_of(name: str) -> Policy:
    """A shipped profile, or one of the other readings of a page."""
    if name in profile_names():
        return profile(name)
    return load_policy((HERE / "readings" / f"{name}.toml").read_text(encoding="utf-8"))


def local(policy: Policy, text: str) -> datetime:
    """2026-11-23 10:30 as the desk's own clock shows it; an offset may be given."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=policy.zone)


def ask(
    name: str,
    priority: str,
    at: str,
    *events: tuple[EventType, str] | tuple[EventType, str, str],
    channel: str | None = "web",
    named: bool = False,
    pays: bool = False,
) -> Evaluation:
    """Events are (type, local time) or (type, local time, priority)."""
    policy = policy_of(name)
    filing = Filing(priority, channel, local(policy, at), named, pays)
    return evaluate([policy], filing, told(policy, events))


def told(policy: Policy, events: Sequence[tuple[str, ...]]) -> list[ClockEvent]:
    return [
        ClockEvent(event[0], local(policy, event[1]), event[2] if len(event) > 2 else None)  # type: ignore[arg-type]
        for event in events
    ]


def due(evaluation: Evaluation, clock: str = "first_response") -> str | None:
    """The due instant as the desk's own clock shows it."""
    at = getattr(evaluation, clock).due_at
    if at is None:
        return None
    shown = at.astimezone(evaluation.policy.zone)
    return str(shown.strftime("%Y-%m-%d %H:%M:%S" if shown.second else "%Y-%m-%d %H:%M"))


def state(evaluation: Evaluation, clock: str = "first_response") -> str:
    return str(getattr(evaluation, clock).state)
