"""The only reader of the system clock: everything else is given `now`."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, aware, in UTC, in whole seconds: the resolution that promises are kept in."""
    return datetime.now(UTC).replace(microsecond=0)
