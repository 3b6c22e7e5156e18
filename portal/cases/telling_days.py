"""What is told of promised and agreed days and times, in one sentence each."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.policies import load
from portal.cases.rehearsing import difference
from portal.cases.telling_words import Detail, Sentence
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.moments import full_day, moment

CLOCK_WORDS = {
    "first_response": N_("First answer"),
    "next_update": N_("Next update"),
    "escalation": N_("Escalation"),
    "resolution": N_("Solution"),
}


def time_told(instant: str, case: Case, for_staff: bool) -> str:
    """An instant of the record as the desk's clock shows it; for customers the contact's too."""
    theirs = ZoneInfo(case.contact_time_zone) if case.contact_time_zone and not for_staff else None
    return moment(datetime.fromisoformat(instant), load(case.policy_version).zone, theirs).text


def _day_near(detail: Detail, _case: Case, _for_staff: bool) -> str:
    on = full_day(date.fromisoformat(detail["on"]))
    if detail["what"] == "schedule":
        return _("The agreed work begins on %(day)s", day=on)
    if detail["is_late"]:
        return _("The fix was promised for %(day)s and the case is still open", day=on)
    return _("The fix is promised for %(day)s", day=on)


def _schedule_proposed(detail: Detail, _case: Case, for_staff: bool) -> str:
    on = full_day(date.fromisoformat(detail["on"]))
    if detail["by_customer"]:
        if for_staff:
            return _("The customer proposes %(day)s", day=on)
        return _("You proposed %(day)s", day=on)
    return _("We propose to do this on %(day)s", day=on)


def _schedule_agreed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    on = full_day(date.fromisoformat(detail["on"]))
    if not detail["before"]:
        return _("Agreed: this is done on %(day)s", day=on)
    before = full_day(date.fromisoformat(detail["before"]))
    return _("Agreed: this is done on %(day)s, not on %(before)s", day=on, before=before)


def _schedule_withdrawn(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("The proposal of %(day)s is off", day=full_day(date.fromisoformat(detail["on"])))


def _promise_near(detail: Detail, case: Case, for_staff: bool) -> str:
    name, due = _(CLOCK_WORDS[detail["clock"]]), time_told(detail["due_at"], case, for_staff)
    if detail["is_late"]:
        return _("%(what)s is overdue since %(moment)s", what=name, moment=due)
    return _("%(what)s is due by %(moment)s", what=name, moment=due)


def _delivery_date_set(detail: Detail, _case: Case, _for_staff: bool) -> str:
    after = full_day(date.fromisoformat(detail["after"]))
    if not detail["before"]:
        return _("The fix will be delivered on %(day)s", day=after)
    before = full_day(date.fromisoformat(detail["before"]))
    return _("Delivery of the fix moved from %(before)s to %(after)s", before=before, after=after)


def _rebased(detail: Detail, case: Case, for_staff: bool) -> str:
    under = _("Now under version %(version)s of our support policy.", version=detail["after"])
    return f"{under} {rebased_dates(detail, case, for_staff)}"


def rebased_dates(detail: Detail, case: Case, for_staff: bool) -> str:
    """Which dates moved, from when to when."""
    said = []
    for change in detail["changes"]:
        name = _(CLOCK_WORDS[change["clock"]])
        before, after = (
            time_told(change[key], case, for_staff) if change[key] else _("no fixed time")
            for key in ("before", "after")
        )
        if change["before"] or change["after"]:
            said.append(
                _(
                    "%(what)s: %(after)s instead of %(before)s.",
                    what=name,
                    after=after,
                    before=before,
                )
            )
        else:
            said.append(f"{name}: {_difference(change)}.")
    return " ".join(said) or _("No date moved.")


def _difference(change: Detail) -> str:
    """Of a clock that stands still; older records hold it in words only."""
    if "after_state" not in change:
        return str(change["difference"])
    return difference(change["more_seconds"], change["after_state"])


def _escalation_unanswered(detail: Detail, case: Case, for_staff: bool) -> str:
    due = time_told(detail["due_at"], case, for_staff)
    return _("The customer who asked for escalation expects an answer by %(moment)s", moment=due)


def _close_near(detail: Detail, case: Case, for_staff: bool) -> str:
    at = time_told(detail["closes_at"], case, for_staff)
    if for_staff:
        unheard = N_("The case closes by itself on %(moment)s unless we hear from the customer")
    else:
        unheard = N_("The case closes by itself on %(moment)s unless we hear from you")
    return _(unheard, moment=at)


SENTENCES: dict[str, Sentence] = {
    Happening.DAY_NEAR: _day_near,
    Happening.SCHEDULE_PROPOSED: _schedule_proposed,
    Happening.SCHEDULE_AGREED: _schedule_agreed,
    Happening.SCHEDULE_WITHDRAWN: _schedule_withdrawn,
    Happening.PROMISE_NEAR: _promise_near,
    Happening.DELIVERY_DATE_SET: _delivery_date_set,
    Happening.REBASED: _rebased,
    Happening.ESCALATION_UNANSWERED: _escalation_unanswered,
    Happening.CLOSE_NEAR: _close_near,
}
