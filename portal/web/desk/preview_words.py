"""The table of what a policy would promise, in the language of whoever reads it."""

from dataclasses import dataclass

from portal import written
from portal.locale import N_, SPOKEN_IN_CODE, language
from portal.locale import gettext as _
from portal.policy.model import Policy
from portal.policy.previewing import NO_PROMISE, Cell, Column, Moment, PreviewRow, Reporter

_MOMENTS = {
    Moment.TUESDAY: N_("In the middle of a Tuesday"),
    Moment.EARLY: N_("Monday, 4 am"),
    Moment.OPENING: N_("Monday at opening"),
    Moment.BEFORE_CLOSING: N_("Friday, a minute before closing"),
    Moment.CLOSING: N_("Friday at closing"),
    Moment.EVENING: N_("Friday, 9 pm"),
    Moment.SATURDAY: N_("Saturday, 10 am"),
    Moment.MIDNIGHT: N_("Sunday, a second to midnight"),
    Moment.HOLIDAY_EVE: N_("The eve of %(holiday)s, before closing"),
    Moment.HOLIDAY_NOON: N_("%(holiday)s, noon"),
    Moment.CLOCKS_FORWARD: N_("The evening before clocks go forward"),
    Moment.CLOCKS_BACK: N_("The evening before clocks go back"),
}
_REPORTERS = {
    Reporter.ANYBODY: "%(priority)s",
    Reporter.NAMED: N_("%(priority)s (named contact)"),
    Reporter.UNNAMED: N_("%(priority)s (anyone else)"),
    Reporter.PAYING: N_("%(priority)s (fee agreed)"),
    Reporter.BY_CHANNEL: N_("%(priority)s by %(channel)s"),
}
_NOTHING = {NO_PROMISE: N_("no promise")}


@dataclass(frozen=True)
class PreviewWords:
    """The words of one policy's table: its own stay, dates are written as their readers do."""

    policy: Policy

    def moment(self, row: PreviewRow) -> str:
        said = _(_MOMENTS[row.moment], holiday=row.holiday)
        return said[:1].upper() + said[1:]

    def reporter(self, column: Column) -> str:
        return _(_REPORTERS[column.reporter], **column.values)

    def cell(self, cell: Cell) -> str:
        if cell.due_at is None:
            return _(_NOTHING.get(cell.words, cell.words))
        if language() == SPOKEN_IN_CODE:
            return cell.words
        local = cell.due_at.astimezone(self.policy.zone)
        return f"{written.short_day(local)}, {written.clock(local)}{cell.mark}"
