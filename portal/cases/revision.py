"""Nobody overwrites what somebody else did meanwhile.

Every form on a case carries the revision it was shown with; an act on an older one is refused, and
the page shows what changed and keeps what was typed.
"""

from datetime import datetime

from portal.cases.case import Case


class ChangedMeanwhileError(Exception):
    """Somebody changed the case after this form was shown."""

    def __init__(self, case: Case, shown: int) -> None:
        super().__init__(f"{case.reference} is at revision {case.revision}, not {shown}")
        self.case = case
        self.shown = shown


def check_revision(case: Case, shown: int | None) -> None:
    """Raise ChangedMeanwhileError unless the case is as it was shown; None does not ask."""
    if shown is not None and shown != case.revision:
        raise ChangedMeanwhileError(case, shown)


def count_change(case: Case, *, now: datetime) -> None:
    """Note that the case is no longer what others have on their screens."""
    case.revision += 1
    case.updated_at = now
